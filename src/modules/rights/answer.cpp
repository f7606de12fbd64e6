// Chooses the words by how the request stands.
#include "modules/rights/answer.hpp"

#include <algorithm>

namespace entrepot::rights {
namespace {
bool all_in(const std::vector<Outcome>& outcomes, std::initializer_list<Outcome> wanted) {
    return std::all_of(outcomes.begin(), outcomes.end(), [&](Outcome each) {
        return std::find(wanted.begin(), wanted.end(), each) != wanted.end();
    });
}

std::string with_due(std::string_view text, Instant due_at) {
    constexpr std::string_view place = "{due}";
    std::string out(text);
    const std::size_t at = out.find(place);
    if (at != std::string::npos)
        out.replace(at, place.size(), format_date(std::chrono::floor<std::chrono::days>(due_at)));
    return out;
}

std::string_view main_words(const AnswerWords& words, Occasion occasion) {
    switch (occasion) {
        case Occasion::identify:
            return words.identify;
        case Occasion::received:
            return words.received;
        case Occasion::extended:
            return words.extended;
        case Occasion::nothing_held:
            return words.nothing_held;
        case Occasion::access:
            return words.access;
        case Occasion::correction:
            return words.correction;
        case Occasion::unchanged:
            return words.unchanged;
        case Occasion::erasure:
            return words.erasure;
        case Occasion::restriction:
            return words.restriction;
        case Occasion::refused:
            return words.refused;
    }
    throw Bug("no such occasion");
}

Occasion occasion_when_done(const AnswerFacts& facts) {
    if (all_in(facts.outcomes, {Outcome::nothing_held, Outcome::barred, Outcome::already_erased}))
        return Occasion::nothing_held;
    switch (facts.kind) {
        case RequestKind::access:
            return Occasion::access;
        case RequestKind::correction:
            return std::count(facts.outcomes.begin(), facts.outcomes.end(), Outcome::corrected) > 0
                       ? Occasion::correction
                       : Occasion::unchanged;
        case RequestKind::erasure:
            return Occasion::erasure;
        case RequestKind::restriction:
            return Occasion::restriction;
    }
    throw Bug("no such kind");
}
}  // namespace

Occasion occasion_of(const AnswerFacts& facts) {
    switch (facts.state) {
        case RequestState::verifying:
            return Occasion::identify;
        case RequestState::open:
            return facts.extension ? Occasion::extended : Occasion::received;
        case RequestState::refused:
            return Occasion::refused;
        case RequestState::done:
            return occasion_when_done(facts);
    }
    throw Bug("no such state");
}

std::string answer_text(const AnswerFacts& facts, AnswerLanguage language) {
    const AnswerWords& words = words_of(language);
    const Occasion occasion = occasion_of(facts);
    std::string out(words.greeting);
    const auto add = [&](std::string_view paragraph) {
        out += "\n\n";
        out += paragraph;
    };
    add(with_due(main_words(words, occasion), facts.due_at));
    if (occasion == Occasion::extended)
        add(words.extensions.at(static_cast<std::size_t>(*facts.extension)));
    // Nobody is told that nothing is left when something is.
    if (facts.copy_kept && (occasion == Occasion::erasure || occasion == Occasion::nothing_held ||
                            occasion == Occasion::access))
        add(words.kept);
    if (occasion == Occasion::refused) {
        if (facts.refusal) add(words.refusals.at(static_cast<std::size_t>(*facts.refusal)));
        add(words.complaint);
    }
    add(words.closing);
    return out;
}

Awaitable<Result<RequestAnswer>> request_answer(Context& ctx, const AskAnswer& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestAnswer>> {
        const auto request = co_await store::request(tx, ctx.shop_scope(), in.id);
        if (!request) co_return no_such_request();
        AnswerFacts facts{request->kind,      request->state,   request->due_at,
                          request->extension, request->refusal, {}};
        std::vector<OrderId> ids;
        for (const store::CoveredRow& order : co_await store::covered(tx, in.id)) {
            facts.outcomes.push_back(order.outcome);
            ids.push_back(order.order_id);
        }
        facts.copy_kept = !(co_await holds::copies_of(tx, ids)).empty();
        const AnswerLanguage language = in.language.value_or(AnswerLanguage::en);
        co_return RequestAnswer{language, occasion_of(facts), answer_text(facts, language)};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::rights
