// Reads of facts that remember: as long as no fact of a tenant changes, the same question is put to
// the database once.
#pragma once

#include "modules/insight/facts_memory.hpp"

namespace entrepot::insight {

/// Facts as they are in one snapshot. `version`: what insight.progress says in the same snapshot,
/// which changes with every change of a fact; without one, nothing is remembered. Who asks what
/// another is reading just then waits for its answer. Only for statements that read nothing but
/// facts, and rows without owned memory.
class FactsReader {
public:
    FactsReader(pg::Transaction& tx, std::optional<std::int64_t> version)
        : tx_(&tx), version_(version) {}
    pg::Transaction& tx() const { return *tx_; }

    template <class Row, class... Args>
    Awaitable<std::vector<Row>> rows(const pg::Statement<Row(Args...)>& statement,
                                     const std::type_identity_t<Args>&... args) const {
        std::string key = std::to_string(statement.info().index) + ' ' +
                          pg::Statement<Row(Args...)>::encode(args...).identity();
        return remembered<Row>(*tx_, version_, std::move(key), tx_->rows(statement, args...));
    }

private:
    /// `read` does nothing until it is awaited.
    template <class Row>
    static Awaitable<std::vector<Row>> remembered(pg::Transaction& tx,
                                                  std::optional<std::int64_t> version,
                                                  std::string key,
                                                  Awaitable<std::vector<Row>> read) {
        static_assert(std::is_trivially_copyable_v<Row>);
        if (!version) co_return co_await std::move(read);
        auto asked =
            co_await FactsMemory::of_process().ask({tx.tenant(), *version, std::move(key)});
        if (asked.answer) co_return *static_cast<const std::vector<Row>*>(asked.answer.get());
        auto rows = co_await std::move(read);
        asked.lead->keep(std::make_shared<const std::vector<Row>>(rows), rows.size() * sizeof(Row));
        co_return rows;
    }

    pg::Transaction* tx_;
    std::optional<std::int64_t> version_;
};

}  // namespace entrepot::insight
