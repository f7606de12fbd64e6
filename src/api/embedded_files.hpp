// Files compiled into the binary by entrepot_embed_files() (cmake/EmbedFiles.cmake).
#pragma once

#include <string_view>
#include <vector>

namespace entrepot::api {

struct EmbeddedFile {
    std::string_view path;  ///< "/assets/app.js"
    std::string_view data;
};
std::vector<EmbeddedFile> embedded_files();

}  // namespace entrepot::api
