// The C++ skin with exceptions: key stores, documents and outputs of the program's own, whatever they throw; moving, sharing, options.

#include "fixture.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

static_assert(std::is_nothrow_move_constructible_v<ts::document> && !std::is_copy_constructible_v<ts::document>, "owners move and are not copied");
static_assert(std::is_copy_constructible_v<ts::error>, "what is thrown can be copied");

template <class Work> ts::error failure(const char *what, Work work) {
    try {
        work();
    } catch (const ts::error &error) {
        return error;
    }
    std::cerr << "did not fail: " << what << '\n';
    std::exit(EXIT_FAILURE);
}

template <class Work> void fails(const char *what, ts::error_kind code, Work work) {
    const auto error = failure(what, work);
    if (error.code() != code) {
        std::cerr << what << ": " << error.name() << '\n';
        std::exit(EXIT_FAILURE);
    }
}

// Hands everything on to a store of the library's, and misbehaves on demand.
class odd_store : public ts::device_key_store {
public:
    enum class mood { good, throws_code, throws_anything, throws_number, garbage, other_key };
    odd_store(const ts::key_store &behind, const mood &now, int &gone) : behind_(behind), now_(now), gone_(gone) {}
    ~odd_store() override { gone_++; }

    ts::key_facts info(const std::string &name) override {
        const auto known = behind_.info(name);
        const auto key = known.public_key();
        ts::key_facts facts;
        facts.public_key.assign(key.data(), key.data() + key.size());
        facts.prompt = ts::prompt::none;
        return facts;
    }
    std::vector<std::uint8_t> sign(const std::string &name, ts::bytes_view message, ts::signature_algorithm algorithm) override {
        switch (now_) {
        case mood::throws_code: throw ts::error(ts::error_kind::key_cancelled);
        case mood::throws_anything: throw std::runtime_error("no card");
        case mood::throws_number: throw 7;
        case mood::garbage: return {1, 2, 3};
        case mood::other_key: return bytes(behind_.sign("other", message, algorithm));
        default: return bytes(behind_.sign(name, message, algorithm));
        }
    }
    std::vector<std::string> list() override { return {"signing", "other"}; }

private:
    static std::vector<std::uint8_t> bytes(const ts::buffer &from) { return {from.data(), from.data() + from.size()}; }
    const ts::key_store &behind_;
    const mood &now_;
    int &gone_;
};

class text_source : public ts::document_source {
public:
    explicit text_source(std::vector<std::uint8_t> bytes, bool fails = false) : bytes_(std::move(bytes)), fails_(fails) {}
    std::uint64_t size() override { return bytes_.size(); }
    std::size_t read_at(std::uint64_t offset, std::uint8_t *into, std::size_t capacity) override {
        if (fails_) {
            throw std::bad_alloc();
        }
        const auto from = static_cast<std::size_t>(std::min<std::uint64_t>(offset, bytes_.size()));
        const auto count = std::min(capacity, bytes_.size() - from);
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(from), count, into);
        return count;
    }

private:
    std::vector<std::uint8_t> bytes_;
    bool fails_;
};

class vector_sink : public ts::document_sink {
public:
    explicit vector_sink(std::vector<std::uint8_t> &into, bool fails = false) : into_(into), fails_(fails) {}
    void write(ts::bytes_view bytes) override {
        if (fails_) {
            throw std::runtime_error("disk full");
        }
        into_.insert(into_.end(), bytes.data(), bytes.data() + bytes.size());
    }

private:
    std::vector<std::uint8_t> &into_;
    bool fails_;
};

class loud_log : public ts::log_sink {
public:
    void event(const thrivosign_log_event &) override { throw std::runtime_error("a log that throws"); }
};

std::vector<std::uint8_t> file(const std::string &path) {
    std::size_t size = 0;
    const std::unique_ptr<std::uint8_t, void (*)(void *)> bytes(file_of(path.c_str(), &size), std::free);
    return {bytes.get(), bytes.get() + size};
}

void about_everything() {
    const std::string chain = setting("THRIVOSIGN_CHAIN");
    const auto keys = ts::key_store::in_memory();
    keys.import("signing", ts::key_purpose::signing, file(chain + "/signer.key"));
    keys.create("other", ts::key_algorithm::p256, ts::key_purpose::signing);
    hold(keys.list().count() == 2, "two keys");
    const auto certificates = ts::certificates::from_pem(file(chain + "/chain.pem"));
    const auto trust = ts::trust::from_pem(file(chain + "/root.pem"));
    const auto pdf = file(setting("THRIVOSIGN_DOCUMENT"));

    auto now = odd_store::mood::good;
    int gone = 0;
    const auto own = ts::key_store::from(std::make_unique<odd_store>(keys, now, gone));
    hold(own.list().count() == 2, "the own store lists");
    auto request = ts::signature_request::create();
    request.set_reason("I have read and agree");
    request.set_time(std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()));
    const auto document = ts::document::from(std::make_unique<text_source>(pdf));
    hold(document.size() == pdf.size(), "the own document's size");
    {
        const auto signer = ts::signer::from_certificates(certificates, own, "signing");
        std::vector<std::uint8_t> written;
        const auto output = ts::output::to(std::make_unique<vector_sink>(written));
        int told = 0;
        ts::call watched;
        watched.progress = [&](std::uint64_t done, std::uint64_t total) { told += done <= total ? 1 : 0; };
        const auto made = signer.sign(document, output, request, {}, watched);
        hold(made.size() == written.size() && made.source_size() == pdf.size() && told > 0, "written, and progress told");
        const auto contents = made.contents();
        hold(written.at(contents.first) == '<' && written.at(contents.second - 1) == '>', "the contents' place");

        const auto report = ts::document::from_memory(written).verify(trust);
        hold(report.clean() && report.signature_count() == 1, "clean");
        const auto signature = report.signature(0);
        hold(signature.signer_name() == "Anna Schmidt" && signature.reason() == "I have read and agree" && !signature.location(), "what it says");
        hold(signature.indication() == ts::indication::total_passed && signature.claimed_time().has_value(), "passed");
        fails("no such signature", ts::error_kind::invalid_argument, [&] { (void)report.signature(1).clean(); });
        ts::verify_options long_ago;
        long_ago.time = ts::time_point(std::chrono::seconds(1000000000));
        hold(!ts::document::from_memory(written).verify(trust, long_ago).clean(), "not clean before the certificate");

        // Whatever the store throws or answers is a code, and nothing is written.
        const std::pair<odd_store::mood, ts::error_kind> moods[] = {
            {odd_store::mood::throws_code, ts::error_kind::key_cancelled},
            {odd_store::mood::throws_anything, ts::error_kind::key_store_unavailable},
            {odd_store::mood::throws_number, ts::error_kind::key_store_unavailable},
            {odd_store::mood::garbage, ts::error_kind::key_signature_wrong},
            {odd_store::mood::other_key, ts::error_kind::key_signature_wrong},
        };
        for (const auto &[mood, code] : moods) {
            now = mood;
            written.clear();
            fails("an odd store", code, [&, &to = output] { signer.sign(document, to, request); });
            hold(written.empty(), "nothing was written");
        }
        now = odd_store::mood::good;
        const auto full = ts::output::to(std::make_unique<vector_sink>(written, true));
        fails("a sink that throws", ts::error_kind::output_unwritable, [&] { signer.sign(document, full, request); });
        const auto unreadable = ts::document::from(std::make_unique<text_source>(pdf, true));
        fails("a source that throws", ts::error_kind::source_unreadable, [&] { (void)unreadable.inspect(); });

        ts::sign_options shown;
        shown.shown_sha256 = {1, 2, 3};
        fails("another document was shown", ts::error_kind::document_changed, [&] { signer.sign(document, output, request, shown); });
        ts::call stopped;
        const auto token = ts::cancel::create();
        token.now();
        stopped.token = &token;
        fails("cancelled", ts::error_kind::cancelled, [&] { signer.sign(document, output, request, {}, stopped); });
        const auto throwing = [](std::uint64_t, std::uint64_t) { throw std::runtime_error("progress"); };
        watched.progress = throwing;
        (void)document.verify(trust, {}, watched);

        // The key elsewhere, the pause as a blob under a key.
        const auto elsewhere = ts::signer::from_certificates(certificates);
        const auto waiting = elsewhere.prepare(document, request);
        const std::vector<std::uint8_t> secret(32, 7);
        const auto again = ts::prepared::from_blob(waiting.to_blob(secret), secret);
        const auto memory = ts::output::to_memory();
        const auto value = again.answer(signer);
        again.complete(value, document, memory);
        hold(ts::document::from_memory(memory.take()).verify(trust).clean(), "clean after the pause");
        again.complete(value, document, memory);
        hold(ts::document::from_memory(memory.take()).verify(trust).clean(), "clean once more, with the same value");
        fails("taken", ts::error_kind::wrong_order, [&] { (void)memory.take(); });
    }
    hold(gone == 0, "the own store is still held");

    fails("no challenge to attest", ts::error_kind::attestation_unavailable, [&] { (void)own.attest("signing", ts::bytes_of("nonce")); });
    fails("does not create", ts::error_kind::key_algorithm_unsupported,
          [&] { own.create("third", ts::key_algorithm::p256, ts::key_purpose::signing); });
    fails("a NUL in a text", ts::error_kind::invalid_utf8, [&] { request.set_reason(std::string("cut\0here", 8)); });
    fails("no object", ts::error_kind::null_argument, [&] { (void)ts::key_store::from(nullptr); });

    auto moved = ts::document::from_memory(pdf);
    const auto there = std::move(moved);
    hold(there && !moved, "moved");
    fails("moved from", ts::error_kind::null_argument, [&] { (void)moved.size(); });
    hold(there.share().size() == pdf.size(), "shared");

    const auto error = failure("not a PDF", [] { (void)ts::document::from_memory(ts::bytes_of("no PDF at all")).inspect(); });
    hold(error.code() == ts::error_kind::not_pdf && std::string(error.name()) == "not_pdf" && error.turn() == ts::turn::document, "an error's facts");
    hold(!error.retryable() && !error.http_status() && !error.retry_after() && !error.tries_left() && error.problem() == nullptr, "and no others");
    hold(std::string(error.next_step()) != "" && std::string(error.what()) != "", "and its words");
    hold(std::string(ts::error(ts::error_kind::key_locked).name()) == "key_locked", "an error from a code");

    ts::set_log(ts::log_level::debug, std::make_unique<loud_log>());
    (void)there.inspect();
    (void)there.verify(trust);
    ts::set_log(ts::log_level::error, nullptr);

    hold(std::string(ts::version()) == THRIVOSIGN_VERSION && ts::abi_version() == THRIVOSIGN_ABI_VERSION && ts::has_feature("net"), "the library");
    {
        const auto last = ts::key_store::from(std::make_unique<odd_store>(keys, now, gone));
    }
    hold(gone == 1, "destroyed once, when its last handle went");
}

} // namespace

int main() {
    const auto before = ts::objects_alive();
    about_everything();
    hold(ts::objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
