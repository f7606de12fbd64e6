// What to write to the buyer: finished words in four languages, which a person copies and sends. No
// name, no order number, nothing of the buyer: only what was decided and until when.
#pragma once

#include <array>
#include <string_view>

#include "modules/rights/service.hpp"

namespace entrepot::rights {

enum class AnswerLanguage { zh, en, de, ja };
BOOST_DESCRIBE_ENUM(AnswerLanguage, zh, en, de, ja)

/// What there is to say. identify: show that it is you · received: until when you have our answer.
enum class Occasion {
    identify,
    received,
    extended,
    nothing_held,
    access,
    correction,
    unchanged,
    erasure,
    restriction,
    refused
};
BOOST_DESCRIBE_ENUM(Occasion, identify, received, extended, nothing_held, access, correction,
                    unchanged, erasure, restriction, refused)

/// The words of one language; `{due}` stands for a day.
struct AnswerWords {
    std::string_view greeting, closing;
    std::string_view identify, received, extended;
    std::array<std::string_view, 2> extensions;  ///< in the order of Extension
    std::string_view nothing_held, access, correction, unchanged, erasure, restriction, refused;
    std::array<std::string_view, 6> refusals;  ///< in the order of Refusal
    std::string_view complaint;
    std::string_view kept;  ///< a legal hold keeps a copy
};
const AnswerWords& words_of(AnswerLanguage language);

/// Pure; what an answer is made of.
struct AnswerFacts {
    RequestKind kind;
    RequestState state;
    Instant due_at;
    std::optional<Extension> extension;
    std::optional<Refusal> refusal;
    std::vector<Outcome> outcomes;
    bool copy_kept = false;  ///< by a legal hold, of any of its orders
};
Occasion occasion_of(const AnswerFacts& facts);
std::string answer_text(const AnswerFacts& facts, AnswerLanguage language);

struct AskAnswer {
    RequestId id;
    std::optional<AnswerLanguage> language;  ///< en
};
BOOST_DESCRIBE_STRUCT(AskAnswer, (), (id, language))
struct RequestAnswer {
    AnswerLanguage language;
    Occasion occasion;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(RequestAnswer, (), (language, occasion, text))
Awaitable<Result<RequestAnswer>> request_answer(Context& ctx, const AskAnswer& in);

}  // namespace entrepot::rights
