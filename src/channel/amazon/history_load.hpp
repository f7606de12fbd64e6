// From a report's document id to its orders in the database.
#pragma once

#include "channel/amazon/document.hpp"
#include "channel/amazon/opened_shop.hpp"
#include "channel/amazon/transport.hpp"

namespace entrepot::amazon {

struct FetchedDocument {
    std::optional<Reply> trouble;
    std::string bytes;
    std::string content_type;
};
/// Asks for the presigned address and downloads. The address is a credential: it is kept nowhere.
Awaitable<FetchedDocument> fetch_document(Link& link, const Account& account,
                                          const std::string& document_id);

/// Writes down that a report has ended, and how.
Awaitable<void> end_report(Link& link, ShopId shop, const store::ReportRow& row, ReportState state,
                           const std::string& words);

/// Downloads, reads and takes a ready report in, batch by batch; a later call goes on behind the
/// last batch. Ends the report (done, empty, split, failed) or returns what to try again later.
Awaitable<std::optional<Reply>> load_report(Link& link, const OpenedShop& opened,
                                            const Account& account, const store::ReportRow& row);

}  // namespace entrepot::amazon
