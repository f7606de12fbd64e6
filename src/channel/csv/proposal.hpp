// What the wizard proposes for a table, from its first rows: mapping, formats, rules, and what a
// person must decide.
#pragma once

#include "channel/csv/settings.hpp"

namespace entrepot::csv {

enum class MappingSource { remembered, profile, guessed };
BOOST_DESCRIBE_ENUM(MappingSource, remembered, profile, guessed)

struct ProposalProblem {
    std::string code;    ///< missing_field, ambiguous_dates, unreadable_dates, …
    std::string field;   ///< the order's field
    std::string detail;  ///< English words
};
BOOST_DESCRIBE_STRUCT(ProposalProblem, (), (code, field, detail))

struct Proposal {
    Settings settings;
    MappingSource source = MappingSource::guessed;
    std::string profile;  ///< name, or empty
    /// Formats under which the sample can be read. The settings hold the first; a person must
    /// choose when there are several dates.
    std::vector<DateFormat> date_formats;
    std::vector<NumberFormat> number_formats;
    std::vector<ProposalProblem> problems;
};

struct ProposalInput {
    /// Dropped ones have empty names: nothing can be mapped to them.
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::optional<Settings> remembered;
    std::optional<NumberFormat> number_format;  ///< as the person set it
    std::string time_zone, currency;            ///< of the shop
};

Proposal propose(const ProposalInput& in);

}  // namespace entrepot::csv
