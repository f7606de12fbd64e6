// Route lines of the catalogue.
#include "modules/catalog/routes.hpp"

#include "modules/catalog/service.hpp"

namespace entrepot::catalog {
namespace {
using enum Permission;
constexpr http::Route table[] = {
    http::get<&skus_page>("/skus", catalog_read, "SKUs by code."),
    http::create<&add_sku>("/skus", catalog_write, "Add a SKU."),
    http::put<&change_sku>("/skus/{id}", catalog_write, "Change a SKU's title."),
    http::get<&mappings_page>("/sku-mappings", catalog_read,
                              "Which SKU a seller SKU means, newest mappings first."),
    http::create<&add_mapping>("/sku-mappings", catalog_write,
                               "Map a seller SKU to a SKU for a time."),
    http::post<&change_mapping>("/sku-mappings/{id}/change", catalog_write,
                                "Let a seller SKU mean another SKU from a moment on."),
    http::post<&end_mapping>("/sku-mappings/{id}/end", catalog_write, "End a mapping."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::catalog
