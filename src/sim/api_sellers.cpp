// Sellers v1: getMarketplaceParticipations, getAccount.
// Besides its marketplaces each seller lists a channel that is not Amazon, which clients must
// filter.
#include "sim/simulator.hpp"

namespace entrepot::sim {

namespace {

struct Channel {
    std::string_view id, name, country, currency, language, domain;
};

void write_participation(JsonWriter& json, const Channel& channel, std::string_view store,
                         bool suspended) {
    json.begin_object();
    json.key("marketplace");
    json.begin_object();
    json.member("id", channel.id);
    json.member("name", channel.name);
    json.member("countryCode", channel.country);
    json.member("defaultCurrencyCode", channel.currency);
    json.member("defaultLanguageCode", channel.language);
    json.member("domainName", channel.domain);
    json.end_object();
    json.key("participation");
    json.begin_object();
    json.member("isParticipating", true);
    json.member("hasSuspendedListings", suspended);
    json.end_object();
    json.member("storeName", store);
    json.end_object();
}

void write_address(JsonWriter& json, std::string_view name, std::string_view country) {
    json.key(name);
    json.begin_object();
    json.member("addressLine1", "1 Simulation Way");
    json.member("city", country == "JP" ? "横浜市" : country == "DE" ? "Lübeck" : "Portland");
    json.member("postalCode", country == "JP" ? "220-0011" : country == "DE" ? "23552" : "97201");
    json.member("countryCode", country);
    json.end_object();
}

}  // namespace

void Simulator::write_participations(JsonWriter& json, std::size_t shop) const {
    const Shop& seller = shops()[shop];
    json.begin_array();
    for (std::size_t i = 0; i < seller.marketplace_count; ++i) {
        const Marketplace& m = marketplaces()[seller.marketplaces[i]];
        write_participation(json, {m.id, m.name, m.country, m.currency, m.language_code, m.domain},
                            seller.store_name, false);
    }
    const Marketplace& home = marketplaces()[seller.marketplaces[0]];
    const std::string name = "Non-Amazon " + std::string(home.country);
    write_participation(json,
                        {seller.foreign_channel_id, name, home.country, home.currency,
                         home.language_code, "siprod.stores.amazon.example"},
                        seller.store_name, false);
    json.end_array();
}

Response Simulator::get_marketplace_participations(Call& call) {
    if (!call.request.query.empty()) return bad_input("The operation has no parameters.");
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("payload");
    write_participations(json, call.caller.shop);
    json.end_object();
    return json_response(std::move(body));
}

Response Simulator::get_account(Call& call) {
    if (!call.request.query.empty()) return bad_input("The operation has no parameters.");
    const Shop& seller = shops()[call.caller.shop];
    const std::string_view country = marketplaces()[seller.marketplaces[0]].country;
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("payload");
    json.begin_object();
    json.key("marketplaceParticipationList");
    write_participations(json, call.caller.shop);
    json.member("businessType", "PRIVATE_LIMITED");
    json.member("sellingPlan", "PROFESSIONAL");
    json.key("business");
    json.begin_object();
    json.member("name", seller.company);
    write_address(json, "registeredBusinessAddress", country);
    json.member("companyRegistrationNumber", "SIM-000" + std::to_string(call.caller.shop + 1));
    if (!seller.native_company.empty()) json.member("nonLatinName", seller.native_company);
    json.end_object();
    json.key("primaryContact");
    json.begin_object();
    json.member("name", "Demo Contact");
    write_address(json, "address", country);
    json.end_object();
    json.end_object();
    json.end_object();
    return json_response(std::move(body));
}

}  // namespace entrepot::sim
