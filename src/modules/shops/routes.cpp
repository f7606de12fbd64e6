// Route lines of shops.
#include "modules/shops/routes.hpp"

#include "modules/shops/service.hpp"

namespace entrepot::shops {
namespace {
using enum Permission;
constexpr http::Route table[] = {
    http::get<&get_shops>("/shops", shops_read, "Shops that you may see."),
    http::create<&add_file_shop>("/shops/file", shops_write,
                                 "Add a shop whose orders come as files."),
    http::get<&get_shop>("/shops/{id}", shops_read, "One shop with its marketplaces."),
    http::put<&change_shop>("/shops/{id}", shops_write, "Change a shop's name and time zone."),
    http::put<&enable_marketplaces>("/shops/{id}/marketplaces", shops_write,
                                    "Choose the marketplaces whose orders are pulled."),
    http::post<&pause_shop>("/shops/{id}/pause", shops_write, "Stop pulling orders."),
    http::post<&resume_shop>("/shops/{id}/resume", shops_write, "Pull orders again."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::shops
