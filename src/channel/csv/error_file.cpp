// errors.csv of an import: streamed from the table, safe to open in a spreadsheet.
#include <array>
#include <memory>

#include "channel/csv/csv.hpp"
#include "channel/csv/service.hpp"
#include "platform/audit/audit.hpp"

namespace entrepot::csv {
namespace {
constexpr std::int64_t errors_per_piece = 1000;

struct Words {
    std::string_view code, en, zh;
};
constexpr std::array<Words, 19> fault_texts{{
    {faults::ragged_row, "The row has more or fewer cells than the header",
     "该行的单元格数与表头不一致"},
    {faults::stray_quote, "Text stands behind a closing quotation mark", "右引号之后还有文字"},
    {faults::damaged_text, "Characters cannot be read in the chosen encoding",
     "所选编码无法识别其中的字符"},
    {faults::required, "A value is needed here", "此处必须有值"},
    {faults::too_long, "Longer than 100 bytes", "超过 100 字节"},
    {faults::control_character, "Holds control characters", "含有控制字符"},
    {faults::damaged_id,
     "A spreadsheet turned a long number into scientific notation; digits are lost, export it as "
     "text",
     "长数字已被表格软件转成科学计数法，位数丢失；请以文本格式重新导出"},
    {faults::spreadsheet_error, "An error value of a spreadsheet (#REF!, #N/A, #####)",
     "表格软件的错误值（#REF!、#N/A、#####）"},
    {faults::not_a_number, "Not a number", "不是数字"},
    {faults::scientific_number, "Scientific notation is not exact; export the full number",
     "科学计数法不精确；请导出完整数字"},
    {faults::number_format, "Separators do not fit the chosen number format",
     "分隔符与所选数字格式不符"},
    {faults::fractional_quantity, "Quantities must be whole", "数量必须是整数"},
    {faults::out_of_range, "Too large", "数值过大"},
    {faults::not_a_date, "Not a date in the chosen format", "不是所选格式的日期"},
    {faults::unknown_currency, "Not a currency of ISO 4217", "不是 ISO 4217 币种"},
    {faults::currency_differs, "Another row of this order has another currency",
     "同一订单的其他行使用了另一种币种"},
    {faults::charge_differs, "Another row of this order states another amount",
     "同一订单的其他行写了不同的金额"},
    {faults::too_many_lines, "The order has more than 10,000 rows", "该订单超过 10,000 行"},
    {faults::order_has_bad_row, "Left out because another row of the same order is bad",
     "同一订单的其他行有错误，因此整单未导入"},
}};

struct Stream {
    Context ctx;
    ImportId id;
    ErrorLanguage language;
    std::int64_t seq = 0;
    bool begun = false, ended = false;
};

void append_row(std::string& out, const ErrorRow& row, ErrorLanguage language) {
    out += std::to_string(row.row_no);
    out += ',';
    append_safe_cell(out, row.column_name);
    out += ',';
    append_safe_cell(out, row.code);
    out += ',';
    append_safe_cell(out, fault_words(row.code, language));
    out += "\r\n";
}

Awaitable<std::optional<std::string>> next_piece(std::shared_ptr<Stream> stream) {
    Stream& s = *stream;
    if (s.ended) co_return std::nullopt;
    std::string out;
    if (!std::exchange(s.begun, true)) {
        // The mark tells spreadsheets that this is UTF-8.
        out = "\xEF\xBB\xBF";
        out +=
            s.language == ErrorLanguage::zh ? "行号,列,代码,说明\r\n" : "row,column,code,words\r\n";
    }
    std::vector<ErrorRow> rows;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        rows = co_await errors_after(tx, s.id, s.seq, errors_per_piece);
        co_return true;
    };
    static_cast<void>(
        (co_await s.ctx.db().transaction(s.ctx.tenant, body, pg::Access::read_only)).value());
    s.ended = static_cast<std::int64_t>(rows.size()) < errors_per_piece;
    for (const ErrorRow& row : rows) append_row(out, row, s.language);
    if (!rows.empty()) s.seq = rows.back().seq;
    co_return out;
}
}  // namespace

std::string_view fault_words(std::string_view code, ErrorLanguage language) {
    for (const Words& words : fault_texts)
        if (words.code == code) return language == ErrorLanguage::zh ? words.zh : words.en;
    return code;
}

Awaitable<Result<http::Response>> error_file(Context& ctx, const ErrorFile& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const auto row = co_await import_by_id(tx, ctx.shop_scope(), in.id);
        if (!row) co_return make_error(entrepot::errors::not_found, "there is no such import");
        audit::done(tx, ctx, {"imports.errors_read", "import", in.id.text()});
        co_return true;
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, body));
    auto stream =
        std::make_shared<Stream>(Stream{ctx, in.id, in.language.value_or(ErrorLanguage::en)});
    http::Response response;
    response.content_type = "text/csv; charset=utf-8";
    response.headers.emplace_back("content-disposition",
                                  "attachment; filename=\"errors-" + in.id.text() + ".csv\"");
    response.stream = [stream] { return next_piece(stream); };
    co_return response;
}

}  // namespace entrepot::csv
