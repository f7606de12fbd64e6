// Roots in a PKCS#11 token, by the headers of p11-kit and a library that the operator names.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/result.hpp"
#include "keyd/roots.hpp"

namespace entrepot::keyd {
namespace {
constexpr std::string_view label_prefix = "entrepot-root-";
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t header_size = 5;
constexpr std::uint8_t cell_format = 2;
constexpr CK_ULONG key_bytes = 32;

void check(CK_RV result, const char* what) {
    if (result == CKR_OK) return;
    std::array<char, 24> code{};
    const auto end = std::to_chars(code.data(), code.data() + code.size(), result, 16).ptr;
    throw RootError(std::string("the key token refused: ") + what + " (PKCS#11 error 0x" +
                    std::string(code.data(), end) + ')');
}

/// The library, initialised once; finalised and closed with the object.
class Library {
public:
    explicit Library(const std::string& path)
        : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
        if (handle_ == nullptr)
            throw RootError("cannot load the PKCS#11 library " + path + ": " + dlerror());
        const auto list =
            reinterpret_cast<CK_C_GetFunctionList>(dlsym(handle_, "C_GetFunctionList"));
        if (list == nullptr) throw RootError(path + " is not a PKCS#11 library");
        check(list(&functions_), "list of functions");
        CK_C_INITIALIZE_ARGS arguments{};
        arguments.flags = CKF_OS_LOCKING_OK;
        const CK_RV started = functions_->C_Initialize(&arguments);
        owns_ = started == CKR_OK;
        if (started != CKR_CRYPTOKI_ALREADY_INITIALIZED) check(started, "initialise");
    }
    ~Library() {
        if (owns_) functions_->C_Finalize(nullptr);
        // Not dlclose'd: SoftHSM's static objects do not survive being loaded again.
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    CK_FUNCTION_LIST* operator->() const { return functions_; }

private:
    void* handle_;
    CK_FUNCTION_LIST* functions_ = nullptr;
    bool owns_ = false;
};

class TokenRoots final : public Roots {
public:
    explicit TokenRoots(TokenOptions options)
        : options_(std::move(options)), p11_(options_.library) {
        std::array<CK_SLOT_ID, 64> slots{};
        CK_ULONG count = slots.size();
        check(p11_->C_GetSlotList(CK_TRUE, slots.data(), &count), "list of slots");
        const auto found = std::find_if(slots.begin(), slots.begin() + static_cast<long>(count),
                                        [this](CK_SLOT_ID slot) { return is_ours(slot); });
        if (found == slots.begin() + static_cast<long>(count))
            throw RootError("no token called " + options_.token_label + " in " + options_.library +
                            "; make one: softhsm2-util --init-token --free --label " +
                            options_.token_label);
        check(p11_->C_OpenSession(*found, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                  &session_),
              "open a session");
        const CK_RV entered =
            p11_->C_Login(session_, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(options_.pin.data()),
                          options_.pin.size());
        if (entered != CKR_USER_ALREADY_LOGGED_IN) check(entered, "log in (is the PIN right?)");
    }
    ~TokenRoots() override { p11_->C_CloseSession(session_); }

    void make(std::uint32_t epoch) override {
        if (find(epoch)) return;
        const std::string label = label_of(epoch);
        CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
        CK_KEY_TYPE type = CKK_AES;
        CK_BBOOL yes = CK_TRUE;
        CK_BBOOL no = CK_FALSE;
        CK_ULONG length = key_bytes;
        std::array<CK_ATTRIBUTE, 10> wanted{{
            {CKA_CLASS, &kind, sizeof kind},
            {CKA_KEY_TYPE, &type, sizeof type},
            {CKA_TOKEN, &yes, sizeof yes},
            {CKA_PRIVATE, &yes, sizeof yes},
            {CKA_SENSITIVE, &yes, sizeof yes},
            {CKA_EXTRACTABLE, &no, sizeof no},
            {CKA_ENCRYPT, &yes, sizeof yes},
            {CKA_DECRYPT, &yes, sizeof yes},
            {CKA_VALUE_LEN, &length, sizeof length},
            {CKA_LABEL, const_cast<char*>(label.data()), label.size()},
        }};
        CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
        CK_OBJECT_HANDLE made = 0;
        check(p11_->C_GenerateKey(session_, &mechanism, wanted.data(), wanted.size(), &made),
              "make a root");
    }

    std::vector<std::uint32_t> epochs() override {
        std::vector<std::uint32_t> out;
        for (const CK_OBJECT_HANDLE object : objects(nullptr)) {
            std::array<char, 64> label{};
            CK_ATTRIBUTE asked{CKA_LABEL, label.data(), label.size()};
            if (p11_->C_GetAttributeValue(session_, object, &asked, 1) != CKR_OK) continue;
            const std::string_view name(label.data(), asked.ulValueLen);
            if (!name.starts_with(label_prefix)) continue;
            std::uint32_t epoch = 0;
            const char* last = name.data() + name.size();
            const auto read = std::from_chars(name.data() + label_prefix.size(), last, epoch);
            if (read.ec == std::errc{} && read.ptr == last) out.push_back(epoch);
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    std::string wrap(std::uint32_t epoch, const crypto::SecretKey& key,
                     const crypto::Place& place) override {
        std::string cell(key_bytes + crypto::cell_overhead, '\0');
        auto* raw = reinterpret_cast<CK_BYTE*>(cell.data());
        raw[0] = cell_format;
        for (std::size_t i = 0; i < 4; ++i)
            raw[1 + i] = static_cast<CK_BYTE>(epoch >> (8 * (3 - i)) & 0xFF);
        crypto::next_nonce(raw + header_size);
        CK_GCM_PARAMS gcm = parameters(raw + header_size, place);
        CK_MECHANISM mechanism{CKM_AES_GCM, &gcm, sizeof gcm};
        check(p11_->C_EncryptInit(session_, &mechanism, need(epoch)), "wrap");
        CK_ULONG written = key_bytes + tag_size;
        check(p11_->C_Encrypt(session_, const_cast<CK_BYTE*>(key.bytes().data()), key_bytes,
                              raw + header_size + nonce_size, &written),
              "wrap");
        ensure(written == key_bytes + tag_size, "the token wrapped to another length");
        return cell;
    }

    std::optional<crypto::SecretKey> unwrap(std::uint32_t epoch, std::string_view cell,
                                            const crypto::Place& place) override {
        if (!crypto::cell_reference(cell) || cell.size() != key_bytes + crypto::cell_overhead)
            return std::nullopt;
        std::string copy(cell);
        auto* raw = reinterpret_cast<CK_BYTE*>(copy.data());
        CK_GCM_PARAMS gcm = parameters(raw + header_size, place);
        CK_MECHANISM mechanism{CKM_AES_GCM, &gcm, sizeof gcm};
        check(p11_->C_DecryptInit(session_, &mechanism, need(epoch)), "unwrap");
        std::array<CK_BYTE, key_bytes + tag_size> plain{};
        CK_ULONG written = plain.size();
        const CK_RV opened = p11_->C_Decrypt(session_, raw + header_size + nonce_size,
                                             key_bytes + tag_size, plain.data(), &written);
        std::optional<crypto::SecretKey> out;
        if (opened == CKR_OK && written == key_bytes)
            out = crypto::SecretKey::of({plain.data(), key_bytes});
        crypto::wipe(plain.data(), plain.size());
        return out;
    }

    void destroy(std::uint32_t epoch) override {
        const std::string label = label_of(epoch);
        for (const CK_OBJECT_HANDLE object : objects(&label))
            check(p11_->C_DestroyObject(session_, object), "destroy a root");
    }

    std::string describe() const override {
        return "PKCS#11 token " + options_.token_label + " (" + options_.library + ')';
    }

private:
    static std::string label_of(std::uint32_t epoch) {
        return std::string(label_prefix) + std::to_string(epoch);
    }

    bool is_ours(CK_SLOT_ID slot) {
        CK_TOKEN_INFO info{};
        if (p11_->C_GetTokenInfo(slot, &info) != CKR_OK) return false;
        std::string_view label(reinterpret_cast<const char*>(info.label), sizeof info.label);
        label = label.substr(0, label.find_last_not_of(' ') + 1);
        return label == options_.token_label;
    }

    static CK_GCM_PARAMS parameters(CK_BYTE* nonce, const crypto::Place& place) {
        CK_GCM_PARAMS gcm{};
        gcm.pIv = nonce;
        gcm.ulIvLen = nonce_size;
        gcm.ulIvBits = nonce_size * 8;
        gcm.pAAD = reinterpret_cast<CK_BYTE*>(const_cast<char*>(place.view().data()));
        gcm.ulAADLen = place.view().size();
        gcm.ulTagBits = tag_size * 8;
        return gcm;
    }

    /// AES keys in the token, of one label or of all.
    std::vector<CK_OBJECT_HANDLE> objects(const std::string* label) {
        CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
        std::array<CK_ATTRIBUTE, 2> wanted{{{CKA_CLASS, &kind, sizeof kind}, {}}};
        if (label != nullptr)
            wanted[1] = {CKA_LABEL, const_cast<char*>(label->data()), label->size()};
        check(p11_->C_FindObjectsInit(session_, wanted.data(), label != nullptr ? 2 : 1),
              "look up");
        std::vector<CK_OBJECT_HANDLE> out;
        std::array<CK_OBJECT_HANDLE, 64> some{};
        CK_ULONG count = 0;
        do {
            const CK_RV found = p11_->C_FindObjects(session_, some.data(), some.size(), &count);
            if (found != CKR_OK) p11_->C_FindObjectsFinal(session_);
            check(found, "look up");
            out.insert(out.end(), some.begin(), some.begin() + static_cast<long>(count));
        } while (count > 0);
        check(p11_->C_FindObjectsFinal(session_), "look up");
        return out;
    }

    std::optional<CK_OBJECT_HANDLE> find(std::uint32_t epoch) {
        const std::string label = label_of(epoch);
        const auto found = objects(&label);
        if (found.empty()) return std::nullopt;
        return found.front();
    }

    CK_OBJECT_HANDLE need(std::uint32_t epoch) {
        const auto found = find(epoch);
        if (!found)
            throw RootError("the root of epoch " + std::to_string(epoch) + " is not in " +
                            describe());
        return *found;
    }

    TokenOptions options_;
    Library p11_;
    CK_SESSION_HANDLE session_ = 0;
};
}  // namespace

std::unique_ptr<Roots> token_roots(const TokenOptions& options) {
    return std::make_unique<TokenRoots>(options);
}

}  // namespace entrepot::keyd
