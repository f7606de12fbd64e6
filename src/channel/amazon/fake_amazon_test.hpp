// A marketplace of a few lines for tests of rules that need exact control; the whole journey is
// tested against marketsim.
#pragma once

#include <deque>

#include "base/text.hpp"
#include "channel/amazon/service.hpp"
#include "channel/amazon/transport.hpp"
#include "support/fixture.hpp"

namespace entrepot::amazon {

/// Answers requests from a list of orders, and misbehaves when told to.
class FakeAmazon final : public Transport {
public:
    struct Order {
        Instant updated;
        std::string json;
    };
    /// Given a request, an answer in place of the usual one, or nothing.
    using Fault = std::function<std::optional<EgressReply>(const EgressRequest&)>;

    Awaitable<EgressReply> send(EgressRequest request) override;

    /// Adds or changes an order; `cents` is its total.
    void put(const std::string& id, Instant updated, std::int64_t cents,
             const std::string& status = "UNSHIPPED");
    /// The next call whose address contains `part` goes through this.
    void next(const std::string& part, Fault fault) { faults.push_back({part, std::move(fault)}); }
    void next_status(const std::string& part, int status, const std::string& body = "{}");
    void next_failure(const std::string& part, EgressFailure kind);
    std::size_t calls(const std::string& part) const;
    /// Carries a shipment confirmation out: the order is then shipped and has the parcel.
    EgressReply confirm(const EgressRequest& request);

    std::map<std::string, Order> orders;
    std::size_t page_size = 100;
    Instant visible_until{};
    std::vector<EgressRequest> sent;
    std::int64_t token_life_s = 3600;
    std::string extra_members;  ///< put into each order, with a leading comma
    std::vector<std::string> valid_tokens;

    // Reports: what getReport says, in turn; the last stays.
    std::deque<std::string> report_states{"DONE"};
    int reports_gone = 0;   ///< so many looks at a report or its document find nothing
    int reports_other = 0;  ///< so many looks at a report find one of another time
    std::string document;
    std::string document_type = "text/plain; charset=UTF-8";
    std::vector<std::string> created_reports;
    std::map<std::string, std::string> confirmed;  ///< body by "order/reference"

private:
    EgressReply token(const EgressRequest& request);
    EgressReply page(const std::string& query);
    EgressReply report(const EgressRequest& request, const std::string& path);
    struct Planned {
        std::string part;
        Fault fault;
    };
    std::deque<Planned> faults;
    /// What a page token stands for: the search, its end, and the last order that was shown.
    struct Place {
        std::string query;
        Instant until;
        std::pair<Instant, std::string> after;
    };
    std::map<std::string, Place> pages;
    int serial = 0;
};

/// A tenant with an Amazon shop that is served by a FakeAmazon.
class AmazonTest : public test::DatabaseTest {
protected:
    AmazonTest();
    Link link();
    /// Connects a shop of its own application, so that buckets are its own too.
    ShopId connect(const std::string& name = "Shop");
    /// Calls the sync until it has come to its end, moving the clock over every wait.
    void sync_until_done(ShopId shop);
    std::optional<Instant> sync_once(ShopId shop);
    SyncHealth health(ShopId shop);
    /// Moves the clock, and with it what the marketplace shows.
    void advance(std::chrono::microseconds by);
    /// "id:cents" of all stored orders of a shop, by id.
    static std::string stored(ShopId shop);
    /// The same of the marketplace.
    std::string expected() const;
    /// The shop holds exactly what the marketplace shows.
    void expect_same(ShopId shop) const;
    /// Names of tables that hold this text anywhere.
    static std::string tables_with(const std::string& text);
    void fill(int count);

    FakeAmazon amazon;
    Context ctx;
    std::string refresh_token = "Atzr|" + crypto::random_token(24);
    std::function<void(std::string_view)> on_step = [](std::string_view) {};
};

EgressReply json_reply(std::string body, int status = 200);

}  // namespace entrepot::amazon
