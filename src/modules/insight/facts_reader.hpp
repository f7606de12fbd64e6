// Reads of facts that remember: as long as no fact of a tenant changes, the same question is put to
// the database once.
#pragma once

#include <memory>

#include "platform/pg/pg.hpp"

namespace entrepot::insight {

namespace detail {
/// Answers of one process by tenant; a tenant's go when its facts have changed, or when all take
/// too much memory and nobody has asked for it for the longest time. May be used from any thread.
class FactsMemory {
public:
    std::shared_ptr<const void> find(TenantId tenant, std::int64_t version, const std::string& key);
    void keep(TenantId tenant, std::int64_t version, const std::string& key,
              std::shared_ptr<const void> answer, std::size_t bytes);
    static FactsMemory& of_process();

    FactsMemory();
    ~FactsMemory();

private:
    struct Store;
    std::unique_ptr<Store> store_;
};
}  // namespace detail

/// Facts as they are in one snapshot. `version`: what insight.progress says in the same snapshot,
/// which changes with every change of a fact; without one, nothing is remembered. Only for
/// statements that read nothing but facts, and rows without owned memory.
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
        auto& memory = detail::FactsMemory::of_process();
        if (const auto known = memory.find(tx.tenant(), *version, key))
            co_return *static_cast<const std::vector<Row>*>(known.get());
        auto rows = co_await std::move(read);
        memory.keep(tx.tenant(), *version, key, std::make_shared<const std::vector<Row>>(rows),
                    rows.size() * sizeof(Row) + key.size());
        co_return rows;
    }

    pg::Transaction* tx_;
    std::optional<std::int64_t> version_;
};

}  // namespace entrepot::insight
