// The words of answers in Chinese, English, German and Japanese; articles are those of Regulation
// (EU) 2016/679.
#include "modules/rights/answer.hpp"

namespace entrepot::rights {
namespace {
constexpr AnswerWords chinese{
    .greeting = "尊敬的客户：",
    .closing = "此致敬礼",
    .identify =
        "感谢您就个人数据提出请求。在执行之前，我们必须确认请求出自您本人。请通过平台中该订单的站"
        "内消息联系我们，或提供订单号以及该订单所用的电子邮箱或电话号码。除此之外无需其他信息，请"
        "勿发送身份证件副本。",
    .received = "感谢您就个人数据提出请求。我们正在处理，最迟将于 {due} 前答复您。",
    .extended =
        "感谢您就个人数据提出请求。根据《通用数据保护条例》第 12 条第 3 款，我们需要再延长两个月，"
        "最迟将于 {due} 前答复您。",
    .extensions = {"延长的原因是您的请求较为复杂。", "延长的原因是请求数量较多。"},
    .nothing_held =
        "我们已核查您的请求。对于相关订单，我们没有保存或已不再保存您的个人数据。您下单的平台另行"
        "保存其自己的数据，请直接向该平台提出。",
    .access =
        "应您的请求，随信附上我们所保存的您的全部个人数据的副本。这些数据来自您下单的平台，用于为"
        "您发货和答复您，并提供给派送包裹的承运商。最迟于送达后 28 天删除。您可以要求我们更正、删"
        "除或限制使用这些数据，可以反对其使用，也可以向监管机构投诉。",
    .correction = "应您的请求，我们已从您下单的平台重新获取更正后的数据，并替换了原先保存的数据。",
    .unchanged =
        "应您的请求，我们已向您下单的平台请求更正后的数据，但平台提供的内容与我们所保存的相同。请"
        "先在平台账户中更正，然后再与我们联系。",
    .erasure =
        "应您的请求，我们已删除所保存的您的姓名、地址、电话号码和电子邮箱。任何人都无法再读取，两"
        "天内也将从我们的备份中消失。您所订购的商品和金额保留在我们的账目中，因为法律要求我们保存"
        "（《通用数据保护条例》第 17 条第 3 款 b 项）。您下单的平台另行保存其自己的数据，请直接向"
        "该平台提出。",
    .restriction =
        "应您的请求，我们已限制使用您的个人数据。数据仅被保存，除法律主张外不作他用。限制期间，尚"
        "未发出的订单无法派送。解除限制之前我们会通知您。",
    .refused = "我们已核查您就个人数据提出的请求，无法予以执行。",
    .refusals =
        {"原因：我们无法确认请求出自您本人（《通用数据保护条例》第 12 条第 6 款及第 11 条）。",
         "原因：法律要求我们保存这些数据（《通用数据保护条例》第 17 条第 3 款 b 项）。",
         "原因：我们需要这些数据以提出、行使或抗辩法律主张（《通用数据保护条例》第 17 条第 3 款 e "
         "项）。",
         "原因：请求明显无依据或过度（《通用数据保护条例》第 12 条第 5 款）。",
         "原因：这些数据由他人决定如何处理，请联系您下单的平台。", "原因：您已撤回请求。"},
    .complaint = "您可以向数据保护监管机构投诉，也可以向法院提起诉讼。",
    .kept =
        "不过，由于法律主张或主管机关的要求，其中一份副本依法予以保留（《通用数据保护条例》第 17 "
        "条第 3 款 e 项及 b 项）。该副本单独保存，只能由两人共同开启，保留结束时即销毁。",
};

constexpr AnswerWords english{
    .greeting = "Dear customer,",
    .closing = "Kind regards",
    .identify =
        "Thank you for your request about your personal data. Before we may carry it out we have "
        "to make sure that it comes from you. Please write to us through the marketplace's "
        "messages of your order, or name your order number together with the e-mail address or "
        "telephone number of that order. We need nothing else, and please send no copy of an "
        "identity card.",
    .received =
        "Thank you for your request about your personal data. We are working on it, and you will "
        "have our answer by {due} at the latest.",
    .extended =
        "Thank you for your request about your personal data. We need two further months for it, "
        "as Article 12(3) of the General Data Protection Regulation allows. You will have our "
        "answer by {due} at the latest.",
    .extensions = {"The reason is that your request is complex.",
                   "The reason is the number of requests."},
    .nothing_held =
        "We have looked into your request. We hold no personal data about you with the orders "
        "concerned, or do not hold it any more. The marketplace where you ordered keeps its own "
        "data about you; please ask it directly.",
    .access =
        "As you asked, we enclose a copy of all personal data that we hold about you. We received "
        "it from the marketplace where you ordered, use it to ship your order and to answer you, "
        "and pass it to the carrier that delivers your parcel. It is erased 28 days after "
        "delivery at the latest. You may ask us to correct it, to erase it or to restrict its "
        "use, object to its use, and complain to a supervisory authority.",
    .correction =
        "As you asked, we have fetched the corrected data from the marketplace where you ordered "
        "and replaced what we held before.",
    .unchanged =
        "As you asked, we have asked the marketplace where you ordered for the corrected data. It "
        "gave us nothing other than what we hold. Please have the data corrected in your account "
        "there first, then write to us again.",
    .erasure =
        "As you asked, we have erased the name, address, telephone number and e-mail address that "
        "we held about you. Nobody can read them any more, and they are gone from our backups "
        "within two days. What you ordered and the amounts stay in our books, because the law "
        "obliges us to keep them (Article 17(3)(b) of the General Data Protection Regulation). "
        "The marketplace where you ordered keeps its own data about you; please ask it directly.",
    .restriction =
        "As you asked, we have restricted the use of your personal data. It is stored, and used "
        "for nothing but legal claims. An order that has not been sent yet cannot be delivered as "
        "long as the restriction lasts. We will tell you before it ends.",
    .refused = "We have looked into your request about your personal data and cannot carry it out.",
    .refusals =
        {"The reason is that we could not tell that the request comes from you (Article 12(6) and "
         "Article 11 of the General Data Protection Regulation).",
         "The reason is that a law obliges us to keep this data (Article 17(3)(b) of the General "
         "Data Protection Regulation).",
         "The reason is that we need this data to establish, exercise or defend legal claims "
         "(Article 17(3)(e) of the General Data Protection Regulation).",
         "The reason is that the request is manifestly unfounded or excessive (Article 12(5) of "
         "the General Data Protection Regulation).",
         "The reason is that somebody else decides over this data. Please turn to the marketplace "
         "where you ordered.",
         "The reason is that you withdrew the request."},
    .complaint =
        "You may complain to a supervisory authority for data protection, and go to court.",
    .kept =
        "A copy of this data, or of a part of it, is kept under a legal hold for a legal claim or "
        "on the demand of an authority (Article 17(3)(b) and (e) of the General Data Protection "
        "Regulation). It is kept apart, only two people together can open it, and it is destroyed "
        "when the hold ends.",
};

constexpr AnswerWords german{
    .greeting = "Guten Tag,",
    .closing = "Mit freundlichen Grüßen",
    .identify =
        "vielen Dank für Ihre Anfrage zu Ihren personenbezogenen Daten. Bevor wir ihr nachkommen "
        "dürfen, müssen wir sicherstellen, dass sie von Ihnen stammt. Bitte schreiben Sie uns "
        "über die Nachrichtenfunktion des Marktplatzes zu Ihrer Bestellung, oder nennen Sie uns "
        "Ihre Bestellnummer zusammen mit der E-Mail-Adresse oder Telefonnummer dieser Bestellung. "
        "Mehr benötigen wir nicht; bitte senden Sie keine Ausweiskopie.",
    .received =
        "vielen Dank für Ihre Anfrage zu Ihren personenbezogenen Daten. Wir bearbeiten sie; Sie "
        "erhalten unsere Antwort spätestens am {due}.",
    .extended =
        "vielen Dank für Ihre Anfrage zu Ihren personenbezogenen Daten. Wir benötigen dafür zwei "
        "weitere Monate, wie es Artikel 12 Absatz 3 der Datenschutz-Grundverordnung erlaubt. Sie "
        "erhalten unsere Antwort spätestens am {due}.",
    .extensions = {"Der Grund ist die Komplexität Ihrer Anfrage.",
                   "Der Grund ist die Anzahl der Anfragen."},
    .nothing_held =
        "wir haben Ihre Anfrage geprüft. Zu den betreffenden Bestellungen speichern wir keine "
        "oder keine personenbezogenen Daten mehr über Sie. Der Marktplatz, bei dem Sie bestellt "
        "haben, führt eigene Daten über Sie; bitte wenden Sie sich direkt an ihn.",
    .access =
        "wie gewünscht erhalten Sie anbei eine Kopie aller personenbezogenen Daten, die wir über "
        "Sie gespeichert haben. Wir haben sie von dem Marktplatz erhalten, bei dem Sie bestellt "
        "haben, verwenden sie, um Ihre Bestellung zu versenden und Ihnen zu antworten, und geben "
        "sie an das Transportunternehmen weiter, das Ihr Paket zustellt. Sie werden spätestens 28 "
        "Tage nach der Zustellung gelöscht. Sie können von uns Berichtigung, Löschung oder "
        "Einschränkung der Verarbeitung verlangen, der Verarbeitung widersprechen und sich bei "
        "einer Aufsichtsbehörde beschweren.",
    .correction =
        "wie gewünscht haben wir die berichtigten Daten bei dem Marktplatz abgerufen, bei dem Sie "
        "bestellt haben, und unsere bisherigen Daten damit ersetzt.",
    .unchanged =
        "wie gewünscht haben wir bei dem Marktplatz, bei dem Sie bestellt haben, die berichtigten "
        "Daten abgerufen. Er hat uns keine anderen Daten übermittelt als die, die wir bereits "
        "gespeichert haben. Bitte lassen Sie die Daten zuerst in Ihrem dortigen Konto berichtigen "
        "und schreiben Sie uns dann erneut.",
    .erasure =
        "wie gewünscht haben wir Name, Anschrift, Telefonnummer und E-Mail-Adresse gelöscht, die "
        "wir über Sie gespeichert hatten. Niemand kann sie mehr lesen, und innerhalb von zwei "
        "Tagen sind sie auch aus unseren Sicherungskopien verschwunden. Was Sie bestellt haben "
        "und die Beträge bleiben in unseren Büchern, weil wir gesetzlich zur Aufbewahrung "
        "verpflichtet sind (Artikel 17 Absatz 3 Buchstabe b der Datenschutz-Grundverordnung). Der "
        "Marktplatz, bei dem Sie bestellt haben, führt eigene Daten über Sie; bitte wenden Sie "
        "sich direkt an ihn.",
    .restriction =
        "wie gewünscht haben wir die Verarbeitung Ihrer personenbezogenen Daten eingeschränkt. "
        "Sie werden gespeichert und nur noch für Rechtsansprüche verwendet. Eine noch nicht "
        "versandte Bestellung kann nicht zugestellt werden, solange die Einschränkung besteht. "
        "Wir unterrichten Sie, bevor sie aufgehoben wird.",
    .refused =
        "wir haben Ihre Anfrage zu Ihren personenbezogenen Daten geprüft und können ihr nicht "
        "nachkommen.",
    .refusals =
        {"Der Grund: Wir konnten nicht feststellen, dass die Anfrage von Ihnen stammt (Artikel 12 "
         "Absatz 6 und Artikel 11 der Datenschutz-Grundverordnung).",
         "Der Grund: Wir sind gesetzlich verpflichtet, diese Daten aufzubewahren (Artikel 17 "
         "Absatz 3 Buchstabe b der Datenschutz-Grundverordnung).",
         "Der Grund: Wir benötigen diese Daten zur Geltendmachung, Ausübung oder Verteidigung von "
         "Rechtsansprüchen (Artikel 17 Absatz 3 Buchstabe e der Datenschutz-Grundverordnung).",
         "Der Grund: Die Anfrage ist offenkundig unbegründet oder exzessiv (Artikel 12 Absatz 5 "
         "der Datenschutz-Grundverordnung).",
         "Der Grund: Über diese Daten entscheidet jemand anderes. Bitte wenden Sie sich an den "
         "Marktplatz, bei dem Sie bestellt haben.",
         "Der Grund: Sie haben die Anfrage zurückgezogen."},
    .complaint =
        "Sie können sich bei einer Datenschutz-Aufsichtsbehörde beschweren und den Rechtsweg "
        "beschreiten.",
    .kept =
        "Eine Kopie dieser Daten oder eines Teils davon wird für einen Rechtsanspruch oder auf "
        "Verlangen einer Behörde aufbewahrt (Artikel 17 Absatz 3 Buchstaben b und e der "
        "Datenschutz-Grundverordnung). Sie ist getrennt abgelegt, nur zwei Personen gemeinsam "
        "können sie öffnen, und sie wird vernichtet, wenn der Grund entfällt.",
};

constexpr AnswerWords japanese{
    .greeting = "お客様",
    .closing = "よろしくお願いいたします。",
    .identify =
        "個人データに関するご請求をいただき、ありがとうございます。対応の前に、ご本人からのご請求"
        "であることを確認する必要があります。ご注文に関するマーケットプレイスのメッセージ機能から"
        "ご連絡いただくか、注文番号と、そのご注文のメールアドレスまたは電話番号をお知らせください"
        "。それ以外の情報は必要ありません。身分証明書の写しはお送りにならないでください。",
    .received =
        "個人データに関するご請求をいただき、ありがとうございます。現在対応しており、遅くとも {due"
        "} までにご回答いたします。",
    .extended =
        "個人データに関するご請求をいただき、ありがとうございます。一般データ保護規則第12条第3項に"
        "基づき、さらに2か月のお時間をいただきます。遅くとも {due} までにご回答いたします。",
    .extensions = {"ご請求の内容が複雑であることが理由です。",
                   "ご請求の件数が多いことが理由です。"},
    .nothing_held =
        "ご請求の内容を確認いたしました。該当するご注文について、当社はお客様の個人データを保有し"
        "ていないか、すでに保有しておりません。ご注文されたマーケットプレイスは独自にデータを保有"
        "していますので、直接お問い合わせください。",
    .access =
        "ご請求に基づき、当社が保有するお客様の個人データの写しをすべてお送りします。データはご注"
        "文されたマーケットプレイスから受け取り、商品の発送とお問い合わせへの回答に利用し、荷物を"
        "配達する運送会社に提供します。配達後28日以内に消去されます。お客様は、訂正、消去、取扱い"
        "の制限を請求し、取扱いに異議を述べ、監督機関に苦情を申し立てることができます。",
    .correction =
        "ご請求に基づき、ご注文されたマーケットプレイスから訂正後のデータを改めて取得し、これまで"
        "保有していたデータと置き換えました。",
    .unchanged =
        "ご請求に基づき、ご注文されたマーケットプレイスに訂正後のデータを照会しましたが、当社が保"
        "有する内容と異なるものは提供されませんでした。まずマーケットプレイスのアカウントで訂正し"
        "ていただき、改めてご連絡ください。",
    .erasure =
        "ご請求に基づき、当社が保有していたお客様の氏名、住所、電話番号、メールアドレスを消去しま"
        "した。今後は誰も読み取ることができず、2日以内にバックアップからも失われます。ご注文の内容"
        "と金額は、法令上の保存義務があるため帳簿に残ります（一般データ保護規則第17条第3項(b)）。"
        "ご注文されたマーケットプレイスは独自にデータを保有していますので、直接お問い合わせくださ"
        "い。",
    .restriction =
        "ご請求に基づき、お客様の個人データの取扱いを制限しました。データは保管されるのみで、法的"
        "請求以外には利用されません。制限の間、未発送のご注文をお届けすることはできません。制限を"
        "解除する前にお知らせします。",
    .refused = "個人データに関するご請求を確認いたしましたが、お応えすることができません。",
    .refusals =
        {"理由：ご本人からのご請求であることを確認できませんでした（一般データ保護規則第12条第6項"
         "および第11条）。",
         "理由：法令により、このデータを保存する義務があります（一般データ保護規則第17条第3項(b)）"
         "。",
         "理由：法的請求の立証、行使または防御のために、このデータが必要です（一般データ保護規則第"
         "17条第3項(e)）。",
         "理由：ご請求が明らかに根拠を欠くか、過度なものです（一般データ保護規則第12条第5項）。",
         "理由：このデータの取扱いを決定するのは当社ではありません。ご注文されたマーケットプレイス"
         "にお問い合わせください。",
         "理由：ご請求が取り下げられました。"},
    .complaint =
        "お客様は、データ保護の監督機関に苦情を申し立て、また裁判所に訴えることができます。",
    .kept =
        "ただし、法的請求または当局の要求のため、このデータまたはその一部の写しが法令に基づき保全"
        "されています（一般データ保護規則第17条第3項(b)および(e)）。写しは別に保管され、二名が共同"
        "でなければ開くことができず、保全の終了時に破棄されます。",
};

}  // namespace

const AnswerWords& words_of(AnswerLanguage language) {
    switch (language) {
        case AnswerLanguage::zh:
            return chinese;
        case AnswerLanguage::en:
            return english;
        case AnswerLanguage::de:
            return german;
        case AnswerLanguage::ja:
            return japanese;
    }
    throw Bug("no such language");
}

}  // namespace entrepot::rights
