// Remembered settings first, then a known table's profile, then the words of the header.
#include "channel/csv/proposal.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace entrepot::csv {
namespace {
std::vector<std::string> cells_of(const ProposalInput& in, const Mapping& mapping, Field field) {
    std::vector<std::string> out;
    const auto mapped = mapping.find(std::string(field_name(field)));
    if (mapped == mapping.end()) return out;
    const auto found = std::find(in.columns.begin(), in.columns.end(), mapped->second);
    const auto column = static_cast<std::size_t>(found - in.columns.begin());
    for (const auto& row : in.rows)
        if (row.size() == in.columns.size() && column < row.size()) out.push_back(row[column]);
    return out;
}

bool fits_columns(const Mapping& mapping, const std::vector<std::string>& columns) {
    return std::all_of(mapping.begin(), mapping.end(), [&](const auto& item) {
        return std::find(columns.begin(), columns.end(), item.second) != columns.end();
    });
}

void choose_mapping(const ProposalInput& in, Proposal& out) {
    const Profile* profile = find_profile(in.columns);
    if (profile != nullptr) out.profile = profile->name;
    if (in.remembered && fits_columns(in.remembered->mapping, in.columns)) {
        out.settings = *in.remembered;
        out.source = MappingSource::remembered;
        return;
    }
    out.settings.time_zone = in.time_zone;
    out.settings.currency = in.currency;
    if (profile == nullptr) {
        out.settings.mapping = guess_mapping(in.columns);
        out.settings.mapping.erase("");
        return;
    }
    out.source = MappingSource::profile;
    out.settings.mapping = profile->mapping;
    out.settings.number_format = profile->number_format;
    out.settings.date_format = profile->date_format;
    out.settings.time_zone = profile->time_zone;
    out.settings.currency = profile->currency;
    out.settings.rules = profile->rules;
}

/// Share of filled cells that can be read, in tenths of a percent; of a handful bad ones the rest
/// still tells the format.
std::size_t readable(const std::vector<std::string>& cells, NumberFormat format) {
    std::size_t filled = 0, good = 0;
    for (const std::string& cell : cells) {
        if (text::trim(cell).empty()) continue;
        ++filled;
        if (fits_number(cell, format)) ++good;
    }
    return filled == 0 ? 0 : good * 1000 / filled;
}

void choose_numbers(const ProposalInput& in, Proposal& out) {
    std::vector<std::string> cells;
    for (const Field field : {Field::unit_price, Field::line_total, Field::shipping, Field::tax,
                              Field::discount, Field::quantity})
        for (std::string& cell : cells_of(in, out.settings.mapping, field))
            cells.push_back(std::move(cell));
    const std::size_t point = readable(cells, NumberFormat::point);
    const std::size_t comma = readable(cells, NumberFormat::comma);
    if (point > 0 && point >= comma) out.number_formats.push_back(NumberFormat::point);
    if (comma > 0 && comma >= point) out.number_formats.push_back(NumberFormat::comma);
    if (in.number_format)
        out.settings.number_format = *in.number_format;
    else if (out.source == MappingSource::guessed && !out.number_formats.empty())
        out.settings.number_format = out.number_formats.front();
}

void choose_dates(const ProposalInput& in, Proposal& out) {
    const auto cells = cells_of(in, out.settings.mapping, Field::ordered_at);
    if (cells.empty()) return;
    out.date_formats = fitting_formats(cells);
    if (out.date_formats.empty()) {
        // Some rows may be damaged: take the format that reads most of them.
        std::size_t best = 0;
        for (const DateFormat format : {DateFormat::ymd, DateFormat::dmy, DateFormat::mdy}) {
            const auto good = static_cast<std::size_t>(
                std::count_if(cells.begin(), cells.end(), [&](const std::string& cell) {
                    return parse_wall_time(cell, format).has_value();
                }));
            if (good <= best) continue;
            best = good;
            out.date_formats = {format};
        }
        if (best * 2 < cells.size()) out.date_formats.clear();
    }
    const auto& fits = out.date_formats;
    if (fits.empty()) {
        out.problems.push_back(
            {"unreadable_dates", "ordered_at", "this column does not hold dates that can be read"});
        return;
    }
    const bool chosen = out.source != MappingSource::guessed &&
                        std::find(fits.begin(), fits.end(), out.settings.date_format) != fits.end();
    if (chosen) return;
    out.settings.date_format = fits.front();
    if (fits.size() > 1)
        out.problems.push_back({"ambiguous_dates", "ordered_at",
                                "the day may stand before or behind the month; choose"});
}

void report_fields(const ProposalInput& in, Proposal& out) {
    const Mapping& mapping = out.settings.mapping;
    const auto missing = [&](Field field, const char* words) {
        out.problems.push_back({"missing_field", std::string(field_name(field)), words});
    };
    for (std::size_t i = 0; i < field_count; ++i) {
        const auto field = static_cast<Field>(i);
        if (is_required(field) && !mapping.contains(std::string(field_name(field))))
            missing(field, "no column was recognised as this field");
    }
    if (!mapping.contains("unit_price") && !mapping.contains("line_total"))
        missing(Field::unit_price, "no column was recognised as a price or a total");
    for (const Field field : {Field::order_number, Field::sku, Field::line_id}) {
        const auto cells = cells_of(in, mapping, field);
        const bool damaged = std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
            CellFault fault;
            static_cast<void>(parse_identifier(cell, fault));
            return fault == faults::damaged_id;
        });
        if (damaged)
            out.problems.push_back({"damaged_ids", std::string(field_name(field)),
                                    "a spreadsheet has turned long numbers into 1.23457E+15; "
                                    "export the column as text"});
    }
}
}  // namespace

Proposal propose(const ProposalInput& in) {
    Proposal out;
    choose_mapping(in, out);
    choose_numbers(in, out);
    choose_dates(in, out);
    report_fields(in, out);
    return out;
}

}  // namespace entrepot::csv
