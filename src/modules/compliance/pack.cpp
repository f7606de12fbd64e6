// Sealing and verifying evidence packs.
#include "modules/compliance/pack.hpp"

#include <algorithm>
#include <set>

#include "platform/crypto/crypto.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::compliance {

struct ManifestLine {
    std::string name, about, sha256;
    std::int64_t bytes;
};
BOOST_DESCRIBE_STRUCT(ManifestLine, (), (name, about, sha256, bytes))
struct Manifest {
    std::string format, tenant, version;
    Instant made_at;
    std::vector<ManifestLine> artefacts;
    std::vector<MissingItem> missing;
};
BOOST_DESCRIBE_STRUCT(Manifest, (), (format, tenant, version, made_at, artefacts, missing))

namespace {
const std::string format_name = "entrepot-evidence-1";
constexpr std::string_view manifest_name = "manifest.json";
constexpr std::string_view signature_name = "manifest.sig";
constexpr std::string_view key_name = "public_key.pem";

constexpr std::string_view how_to_verify =
    "How to verify this pack\n"
    "\n"
    "With the program:\n"
    "    entrepot evidence --verify PACK.tar [--public-key KNOWN_KEY.pem]\n"
    "\n"
    "Without it, by OpenSSL 3 and sha256sum:\n"
    "    tar xf PACK.tar\n"
    "    openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin \\\n"
    "        -in manifest.json -sigfile manifest.sig\n"
    "    sha256sum *      # compare with the list in manifest.json\n"
    "\n"
    "public_key.pem came with the pack. That it is the signer's key is known only from elsewhere:\n"
    "ask for its fingerprint on another way (openssl pkey -pubin -in public_key.pem -outform DER "
    "|\n"
    "sha256sum) and compare.\n"
    "\n"
    "What the maker could not give stands in manifest.json under \"missing\".\n";

const TarFile* file_named(const std::vector<TarFile>& files, std::string_view name) {
    const auto found = std::ranges::find(files, name, &TarFile::name);
    return found == files.end() ? nullptr : &*found;
}

void compare(const Manifest& manifest, const std::vector<TarFile>& files, PackVerdict& verdict) {
    std::set<std::string_view> listed{manifest_name, signature_name};
    for (const ManifestLine& line : manifest.artefacts) {
        if (!listed.insert(line.name).second)
            verdict.faults.push_back(line.name + ": listed twice in the manifest");
        const TarFile* file = file_named(files, line.name);
        if (file == nullptr)
            verdict.faults.push_back(line.name + ": is in the manifest and not in the pack");
        else if (crypto::sha256_hex(file->content) != line.sha256)
            verdict.faults.push_back(line.name + ": was altered");
    }
    std::set<std::string_view> seen;
    for (const TarFile& file : files) {
        if (!seen.insert(file.name).second)
            verdict.faults.push_back(file.name + ": is in the pack twice");
        if (!listed.contains(file.name))
            verdict.faults.push_back(file.name + ": is in the pack and not in the manifest");
    }
    for (const MissingItem& item : manifest.missing)
        verdict.missing.push_back(item.name + ": " + item.why);
    verdict.artefacts = manifest.artefacts.size();
}

void check_signature(const TarFile& manifest, const std::vector<TarFile>& files,
                     const std::optional<std::string>& trusted_key, PackVerdict& verdict) {
    const TarFile* signature = file_named(files, signature_name);
    const TarFile* key = file_named(files, key_name);
    if (signature == nullptr)
        return verdict.faults.push_back(std::string(signature_name) + ": is not in the pack");
    if (key == nullptr && !trusted_key) return;  // compare() has named it
    const std::string& pem = trusted_key ? *trusted_key : key->content;
    if (is_signed(manifest.content, signature->content, pem))
        verdict.fingerprint = fingerprint(pem).value_or("");
    else
        verdict.faults.push_back(std::string(manifest_name) + ": its signature is not by " +
                                 (trusted_key ? "the given key" : "the pack's key"));
}
}  // namespace

std::string seal_pack(Pack pack, const SigningKey& key) {
    pack.artefacts.push_back({"verify.txt", "how to verify this pack", std::string(how_to_verify)});
    pack.artefacts.push_back(
        {std::string(key_name), "the key that signed the manifest", key.public_key_pem()});
    Manifest manifest{format_name, std::move(pack.tenant), std::move(pack.version), pack.made_at,
                      {},          std::move(pack.missing)};
    std::vector<TarFile> files;
    for (Artefact& artefact : pack.artefacts) {
        manifest.artefacts.push_back({artefact.name, std::move(artefact.about),
                                      crypto::sha256_hex(artefact.content),
                                      static_cast<std::int64_t>(artefact.content.size())});
        files.push_back({std::move(artefact.name), std::move(artefact.content)});
    }
    std::string text = json::to_json(manifest);
    std::string signature = key.sign(text);
    files.push_back({std::string(manifest_name), std::move(text)});
    files.push_back({std::string(signature_name), std::move(signature)});
    return write_tar(
        files, std::chrono::floor<std::chrono::seconds>(pack.made_at).time_since_epoch().count());
}

PackVerdict verify_pack(std::string_view bytes, const std::optional<std::string>& trusted_key) {
    PackVerdict verdict;
    const auto files = read_tar(bytes);
    if (files.has_error()) {
        verdict.faults.push_back(files.error().detail);
        return verdict;
    }
    const TarFile* text = file_named(*files, manifest_name);
    if (text == nullptr) {
        verdict.faults.push_back(std::string(manifest_name) + ": is not in the pack");
        return verdict;
    }
    const auto manifest = json::read_document<Manifest>(text->content);
    if (manifest.has_error() || manifest->format != format_name)
        verdict.faults.push_back(std::string(manifest_name) + ": is no manifest of this format");
    else
        compare(*manifest, *files, verdict);
    check_signature(*text, *files, trusted_key, verdict);
    return verdict;
}

}  // namespace entrepot::compliance
