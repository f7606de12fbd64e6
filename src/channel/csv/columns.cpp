// Header words. A name is folded to lower case without blanks and signs before it is looked up.
#include "channel/csv/columns.hpp"

#include <algorithm>
#include <array>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <set>

#include "base/text.hpp"
#include "channel/csv/number.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::csv {
namespace {
/// Lower case, ASCII letters, digits and everything beyond ASCII; blanks and signs left out.
std::string folded(std::string_view name) {
    std::string out;
    for (const char c : text::to_lower_ascii(to_half_width(name)))
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0) out += c;
    return out;
}

struct FieldWords {
    Field field;
    std::string_view words;  ///< best first, separated by blanks
};
constexpr std::array<FieldWords, field_count> field_words{{
    {Field::order_number,
     "invoiceno invoicenumber invoice orderid ordernumber orderno amazonorderid salesrecordnumber "
     "saleorderid tradeid 订单编号 订单号 主订单编号 平台订单号 交易编号 单号 注文番号 name order"},
    {Field::ordered_at,
     "invoicedate orderdate purchasedate ordertime orderedat createdat datecreated createtime "
     "paidat date saledate transactiontimestamp 订单创建时间 下单时间 创建时间 订单付款时间 "
     "付款时间 订单时间 "
     "下单日期 订单日期 日期 注文日 注文日時"},
    {Field::sku,
     "stockcode sku sellersku merchantsku msku lineitemsku itemsku productcode productid "
     "articlenumber itemcode itemnumber 商家编码 外部系统编号 商品编码 货号 规格编码 商品编号 条码 "
     "商品番号 商品コード"},
    {Field::quantity,
     "quantity qty lineitemquantity quantitypurchased quantityordered units unitssold menge "
     "购买数量 商品数量 宝贝总数量 数量 件数 個数"},
    {Field::unit_price,
     "unitprice price itemprice lineitemprice saleprice priceperunit stueckpreis einzelpreis "
     "商品单价 单价 商品价格 价格 単価"},
    {Field::line_total,
     "linetotal lineamount itemtotal itemsubtotal extendedprice salesvalue amount total "
     "gesamtpreis "
     "商品总价 买家实际支付金额 实付金额 总金额 金额 小計"},
    {Field::title,
     "description title itemtitle productname lineitemname itemname product producttitle "
     "artikelbezeichnung 宝贝标题 商品标题 商品名称 标题 品名 产品名称 商品名"},
    {Field::currency, "currency currencycode waehrung 币种 货币 币别 通貨"},
    {Field::country,
     "country shipcountry shippingcountry countrycode shiptocountry deliverycountry "
     "shippingcountrycode land 国家 收货国家 收货国 目的国 国家地区 国"},
    {Field::state, "orderstatus status fulfillmentstatus orderstate 订单状态 状态 注文状況"},
    {Field::tax, "tax itemtax taxes vat salestax lineitemtax mwst 税费 税额 税 消費税"},
    {Field::shipping,
     "shipping shippingprice shippingcost postage shippingfee shippingandhandling versandkosten "
     "运费 邮费 买家应付邮费 送料"},
    {Field::discount,
     "discount discountamount itempromotiondiscount lineitemdiscount promotiondiscount rabatt "
     "折扣 优惠 优惠金额 折扣金额 割引"},
    {Field::line_id,
     "orderitemid lineid lineitemid orderlineid itemid transactionid 子订单编号 明细编号"},
    {Field::marketplace, "marketplace saleschannel channel site 站点 平台 销售渠道"},
}};

/// Whole names that are personal.
constexpr std::string_view personal_names =
    "customerid customer custid customernumber customerno buyer buyerid buyername buyeruserid "
    "username userid nickname name2 fullname firstname lastname surname householdid recipient "
    "recipientname consignee receiver contact contactname company street street1 street2 city town "
    "suburb district postcode postalcode zip zipcode plz ort strasse vorname nachname kunde "
    "kundennummer notes note remark message ip ipaddress latitude longitude birthday gender "
    "name province passport idnumber idcard vatnumber taxid iban "
    "买家 姓名 收件人 收货人 客户 会员 顾客 省 市 区 县 城市 省份 地区 街道 邮编 邮政编码 手机 "
    "电话 备注 留言 身份证 昵称 氏名 住所";
/// Parts that make any name personal.
constexpr std::string_view personal_parts =
    "email mailaddress phone mobile telephone telefon faxnumber buyername customername "
    "recipientname "
    "shipname shiptoname shippingname billingname billname contactname shippingaddress shipaddress "
    "billingaddress billaddress address1 address2 address3 addressline deliveryaddress "
    "shippingstreet billingstreet shippingcity billingcity shipcity shiptocity shippingzip "
    "billingzip shippostal shiptopostal shiptozip shippingpostal shippingprovince billingprovince "
    "shipstate shiptostate shippingcompany billingcompany shippingphone buyeremail buyerphone "
    "giftmessage buyernote buyermessage customernote buyerremark "
    "买家会员 买家昵称 买家姓名 买家账号 买家支付宝 买家留言 买家备注 客户姓名 客户名称 客户电话 "
    "客户邮箱 收货人 收件人 收货地址 "
    "收件地址 详细地址 地址 联系人 联系方式 联系电话 联系手机 手机号 电话号码 电话 邮箱 电子邮件 "
    "邮编 身份证 会员名 会员编号 "
    "客户编号 客户id 买家id 用户名 用户id 真实姓名 电话番号 郵便番号 お名前 メール 送付先 お届け先";

bool contains_word(std::string_view list, std::string_view word) {
    for (const std::string_view entry : text::split(list, ' '))
        if (entry == word) return true;
    return false;
}
}  // namespace

std::string_view field_name(Field field) {
    return boost::describe::enum_to_string(field, "");
}

std::optional<Field> field_by_name(std::string_view name) {
    Field field{};
    if (!boost::describe::enum_from_string(std::string(name).c_str(), field)) return std::nullopt;
    return field;
}

bool is_required(Field field) {
    return field == Field::order_number || field == Field::ordered_at || field == Field::sku ||
           field == Field::quantity;
}

std::vector<std::string> unique_names(const std::vector<std::string>& header) {
    std::vector<std::string> out;
    std::set<std::string> used;
    for (std::size_t i = 0; i < header.size(); ++i) {
        std::string name(text::trim(header[i]));
        if (name.empty()) name = "column " + std::to_string(i + 1);
        std::string candidate = name;
        for (int n = 2; used.contains(candidate); ++n)
            candidate = name + " (" + std::to_string(n) + ")";
        used.insert(candidate);
        out.push_back(std::move(candidate));
    }
    return out;
}

bool is_personal_name(std::string_view column) {
    const std::string name = folded(column);
    if (name.empty()) return false;
    if (contains_word(personal_names, name) || name == "address" || name.ends_with("address"))
        return true;
    for (const std::string_view entry : text::split(personal_parts, ' '))
        if (!entry.empty() && name.find(entry) != std::string::npos) return true;
    return false;
}

std::vector<bool> personal_columns(const std::vector<std::string>& columns) {
    // One widespread export calls its order number "Name" and its goods "Lineitem name".
    const bool name_is_number =
        std::any_of(columns.begin(), columns.end(),
                    [](const std::string& column) { return folded(column) == "lineitemname"; });
    std::vector<bool> out;
    for (const std::string& column : columns)
        out.push_back(is_personal_name(column) && !(name_is_number && folded(column) == "name"));
    return out;
}

bool looks_like_email(const std::vector<std::string_view>& cells) {
    std::size_t filled = 0, mails = 0;
    for (const std::string_view cell : cells) {
        if (text::trim(cell).empty()) continue;
        ++filled;
        const auto at = cell.find('@');
        if (at != std::string_view::npos && at > 0 &&
            cell.find('.', at) != std::string_view::npos && cell.find('.', at) + 1 < cell.size())
            ++mails;
    }
    return mails > 0 && mails * 3 >= filled;
}

Mapping guess_mapping(const std::vector<std::string>& columns) {
    Mapping out;
    std::set<std::string> taken;
    const std::vector<bool> personal = personal_columns(columns);
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (personal[i]) taken.insert(columns[i]);
    for (const FieldWords& words : field_words) {
        for (const std::string_view word : text::split(words.words, ' ')) {
            const auto found =
                std::find_if(columns.begin(), columns.end(), [&](const auto& column) {
                    return !taken.contains(column) && folded(column) == word;
                });
            if (found == columns.end()) continue;
            out.emplace(field_name(words.field), *found);
            taken.insert(*found);
            break;
        }
    }
    return out;
}

std::string header_signature(const std::vector<std::string>& columns) {
    std::string joined;
    for (const std::string& column : columns) {
        joined += folded(column);
        joined += '\x1f';
    }
    return crypto::sha256_hex(joined);
}

}  // namespace entrepot::csv
