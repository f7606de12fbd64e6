// Draws with Pango and Cairo: scripts of every marketplace, broken into lines as they are read.
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <array>

#include "platform/runtime/runtime.hpp"
#include "vault/capsule.hpp"
#include "vault/plaintext.hpp"

namespace entrepot::vault {
namespace {

struct Words {
    std::string_view language, title, ship_to, seller, order, date, item, sku, quantity, page;
};
constexpr Words english{"en",   "Packing slip", "Ship to", "Sold by",  "Order",
                        "Date", "Item",         "SKU",     "Quantity", "Page"};
constexpr Words chinese{"zh-CN",    "装箱单", "收件人", "卖家", "订单号",
                        "订单日期", "商品",   "SKU",    "数量", "页"};
constexpr Words german{"de",    "Lieferschein", "Lieferadresse", "Verkäufer", "Bestellung",
                       "Datum", "Artikel",      "SKU",           "Menge",     "Seite"};
constexpr Words japanese{"ja",     "納品書", "お届け先", "販売者", "注文番号",
                         "注文日", "商品名", "SKU",      "数量",   "ページ"};

const Words& words_for(std::string_view country) {
    if (country == "CN") return chinese;
    if (country == "DE" || country == "AT") return german;
    if (country == "JP") return japanese;
    return english;
}

bool is_one_of(std::string_view country, std::initializer_list<std::string_view> countries) {
    return std::ranges::find(countries, country) != countries.end();
}

struct Paper {
    double width, height;  ///< points of 1/72 inch
};
constexpr Paper a4{595.28, 841.89}, letter{612, 792};
const Paper& paper_for(std::string_view country) {
    return is_one_of(country, {"US", "CA", "MX"}) ? letter : a4;
}

constexpr double margin = 51, gap = 8;
constexpr double sku_width = 130, quantity_width = 60;

/// The address as it is written in its country. The telephone belongs to the carrier, not on the
/// slip.
class Address {
public:
    Address(const Revealed& revealed, std::string_view country) : revealed_(revealed) {
        if (country == "JP")
            write_japanese();
        else if (country == "CN")
            write_chinese();
        else
            write_western(country);
    }
    const std::vector<crypto::SecretBytes>& lines() const { return lines_; }

private:
    std::string_view part(Field field) const {
        for (const RevealedField& known : revealed_.fields)
            if (known.field == field) return Opener::text_of(known.value);
        return {};
    }
    /// One line of what is there, with `between` where two parts meet.
    void add(std::initializer_list<std::string_view> parts, std::string_view between = " ") {
        crypto::SecretBytes line;
        for (const std::string_view text : parts) {
            if (text.empty()) continue;
            if (!line.empty()) line.insert(line.end(), between.begin(), between.end());
            line.insert(line.end(), text.begin(), text.end());
        }
        if (!line.empty()) lines_.push_back(std::move(line));
    }
    void add_street() {
        for (const Field field : {Field::address_line1, Field::address_line2, Field::address_line3})
            add({part(field)});
    }
    void write_japanese() {
        if (!part(Field::postal_code).empty()) add({"〒", part(Field::postal_code)}, "");
        add({part(Field::region), part(Field::city), part(Field::district)}, "");
        add_street();
        add({part(Field::recipient_company)});
        add({part(Field::recipient_name), "様"});
    }
    void write_chinese() {
        add({part(Field::region), part(Field::city), part(Field::district)}, "");
        add_street();
        add({part(Field::recipient_company)});
        add({part(Field::recipient_name), part(Field::postal_code)});
    }
    void write_western(std::string_view country) {
        add({part(Field::recipient_name)});
        add({part(Field::recipient_company)});
        add_street();
        add({part(Field::district)});
        const auto city = part(Field::city), region = part(Field::region);
        const auto code = part(Field::postal_code);
        if (is_one_of(country, {"US", "CA", "AU"})) {
            add({city, region}, ", ");
            join_last(code);
        } else if (is_one_of(country, {"GB", "IE", "IN", "SG", "AE", "SA"})) {
            add({city});
            add({region});
            add({code});
        } else {
            add({code, city});
            if (is_one_of(country, {"IT", "ES", "MX", "BR"})) add({region});
        }
    }
    void join_last(std::string_view text) {
        if (lines_.empty() || text.empty()) return add({text});
        lines_.back().push_back(' ');
        lines_.back().insert(lines_.back().end(), text.begin(), text.end());
    }

    const Revealed& revealed_;
    std::vector<crypto::SecretBytes> lines_;
};

cairo_status_t append(void* to, const unsigned char* data, unsigned int size) {
    auto& out = *static_cast<crypto::SecretBytes*>(to);
    out.insert(out.end(), data, data + size);
    return CAIRO_STATUS_SUCCESS;
}

/// One document; every handle is given back when it ends.
class Drawing {
public:
    Drawing()
        : surface_(cairo_pdf_surface_create_for_stream(&append, &out_, a4.width, a4.height)),
          context_(cairo_create(surface_)),
          layout_(pango_cairo_create_layout(context_)) {}
    ~Drawing() {
        g_object_unref(layout_);
        cairo_destroy(context_);
        cairo_surface_destroy(surface_);
    }
    Drawing(const Drawing&) = delete;
    Drawing& operator=(const Drawing&) = delete;

    /// On a new page; what was drawn before has been ended by `end_page`.
    void begin_slip(const Paper& paper, const Words& words) {
        paper_ = paper;
        words_ = words;
        page_ = 0;
        y_ = margin;
        cairo_pdf_surface_set_size(surface_, paper.width, paper.height);
        pango_context_set_language(pango_layout_get_context(layout_),
                                   pango_language_from_string(std::string(words.language).c_str()));
    }
    /// Where the next thing goes, from the top of the page.
    double at() const { return y_; }
    void go_to(double y) { y_ = y; }
    double right() const { return paper_.width - margin; }

    /// Draws at x, broken to the width; returns its height.
    double text(double x, double width, std::string_view what, const char* font) {
        const double height = prepare(width, what, font);
        cairo_move_to(context_, x, y_);
        pango_cairo_show_layout(context_, layout_);
        return height;
    }
    double prepare(double width, std::string_view what, const char* font) {
        PangoFontDescription* description = pango_font_description_from_string(font);
        pango_layout_set_font_description(layout_, description);
        pango_font_description_free(description);
        pango_layout_set_width(layout_, static_cast<int>(width * PANGO_SCALE));
        pango_layout_set_wrap(layout_, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_text(layout_, what.data(), static_cast<int>(what.size()));
        int wide = 0, high = 0;
        pango_layout_get_size(layout_, &wide, &high);
        return static_cast<double>(high) / PANGO_SCALE;
    }
    void rule() {
        cairo_set_line_width(context_, 0.5);
        cairo_move_to(context_, margin, y_);
        cairo_line_to(context_, right(), y_);
        cairo_stroke(context_);
        y_ += gap;
    }
    bool has_room(double height) const { return y_ + height < paper_.height - margin - 2 * gap; }
    void end_page() {
        const double back = y_;
        y_ = paper_.height - margin;
        text(margin, right() - margin, std::string(words_.page) + " " + std::to_string(++page_),
             "Sans 8");
        y_ = back;
        cairo_show_page(context_);
        y_ = margin;
    }
    crypto::SecretBytes finish() {
        cairo_surface_finish(surface_);
        if (cairo_surface_status(surface_) != CAIRO_STATUS_SUCCESS)
            throw std::runtime_error("the pack slip could not be drawn");
        return std::move(out_);
    }

private:
    Paper paper_ = a4;
    Words words_ = english;
    crypto::SecretBytes out_;
    cairo_surface_t* surface_;
    cairo_t* context_;
    PangoLayout* layout_;
    double y_ = margin;
    int page_ = 0;
};

void draw_head(Drawing& to, const Words& words, const SlipText& text, const Address& address) {
    const double middle = margin + (to.right() - margin) / 2 + gap;
    to.go_to(to.at() + to.text(margin, to.right() - margin, words.title, "Sans Bold 18") + gap);
    const double top = to.at();
    const double half = middle - margin - 2 * gap;
    to.go_to(top + to.text(margin, half, words.ship_to, "Sans Bold 9") + 2);
    for (const crypto::SecretBytes& line : address.lines())
        to.go_to(to.at() + to.text(margin, half, crypto::view(line), "Sans 12"));
    const double left_end = to.at();
    to.go_to(top);
    const std::array<std::pair<std::string_view, std::string>, 3> facts{
        {{words.order, text.order_number},
         {words.date, format_date(text.ordered_on)},
         {words.seller, text.seller}}};
    for (const auto& [name, value] : facts) {
        to.go_to(to.at() + to.text(middle, to.right() - middle, name, "Sans Bold 9"));
        to.go_to(to.at() + to.text(middle, to.right() - middle, value, "Sans 11") + 4);
    }
    to.go_to(std::max(left_end, to.at()) + 2 * gap);
}

void draw_row(Drawing& to, std::string_view title, std::string_view sku, std::string_view quantity,
              const char* font) {
    const double title_width = to.right() - margin - sku_width - quantity_width - 2 * gap;
    const double height =
        std::max(to.prepare(title_width, title, font), to.prepare(sku_width, sku, font));
    if (!to.has_room(height)) to.end_page();
    const double sku_at = margin + title_width + gap;
    (void)to.text(margin, title_width, title, font);
    (void)to.text(sku_at, sku_width, sku, font);
    (void)to.text(sku_at + sku_width + gap, quantity_width, quantity, font);
    to.go_to(to.at() + height + 4);
}

void draw(Drawing& to, const SlipText& text, const Revealed& revealed) {
    const std::string_view country = text.country ? std::string_view(*text.country) : "";
    const Address address(revealed, country);
    const Words& words = words_for(country);
    to.begin_slip(paper_for(country), words);
    draw_head(to, words, text, address);
    draw_row(to, words.item, words.sku, words.quantity, "Sans Bold 9");
    to.rule();
    for (const SlipLine& line : text.lines)
        draw_row(to, line.title, line.seller_sku, std::to_string(line.quantity), "Sans 10");
    to.rule();
    to.end_page();
}
}  // namespace

Awaitable<Result<PackSlip>> pack_slips(Context& ctx, std::vector<Ask> asks,
                                       std::vector<SlipText> texts) {
    ensure(asks.size() == texts.size(), "a slip for each address");
    CO_TRY(const auto revealed, co_await reveal_all(ctx, std::move(asks)));
    auto work = [&] {
        Drawing to;
        for (std::size_t i = 0; i < revealed.size(); ++i) draw(to, texts[i], revealed[i]);
        return to.finish();
    };
    co_return PackSlip(co_await ctx.services.runtime.on_cpu(work));
}

}  // namespace entrepot::vault
