// What a process remembers of facts, and who is reading what at this moment.
#pragma once

#include <memory>

#include "platform/pg/pg.hpp"

namespace entrepot::insight {

/// Answers of one process by tenant; a tenant's go when its facts have changed, or when all take
/// too much memory and nobody has asked for it for the longest time. May be used from any event
/// loop.
class FactsMemory {
private:
    struct Store;
    struct Flight;

public:
    /// A question of one tenant about one version of its facts.
    struct Question {
        TenantId tenant;
        std::int64_t version;
        std::string key;
        auto operator<=>(const Question&) const = default;
    };

    /// The duty to read an answer for oneself and for all who wait for it. Who gives it up without
    /// an answer lets the waiting read for themselves.
    class Lead {
    public:
        Lead(Lead&&) noexcept;
        Lead& operator=(Lead&&) = delete;
        ~Lead();
        /// `bytes`: what the answer takes, without its question.
        void keep(std::shared_ptr<const void> answer, std::size_t bytes);

    private:
        friend class FactsMemory;
        Lead(Store& store, Question question, std::shared_ptr<Flight> flight);
        Store* store_;
        Question question_;
        std::shared_ptr<Flight> flight_;  ///< none: nobody waits for this one
    };

    /// The answer, or the lead where it is to be read.
    struct Asked {
        std::shared_ptr<const void> answer;
        std::optional<Lead> lead;
    };
    /// Waits when somebody else is reading just that. Must be called on an event loop.
    Awaitable<Asked> ask(Question question);

    static FactsMemory& of_process();

    FactsMemory();
    ~FactsMemory();

private:
    std::unique_ptr<Store> store_;
};

}  // namespace entrepot::insight
