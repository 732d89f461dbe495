// The C++ skin without exceptions: every function that may fail gives a value or an error.

#define THRIVOSIGN_NO_EXCEPTIONS

#include "fixture.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

static_assert(std::is_same_v<decltype(ts::cancel::create()), ts::result<ts::cancel>>, "a result");

class refusing_store : public ts::device_key_store {
public:
    explicit refusing_store(const ts::key_store &behind, const bool &refuses) : behind_(behind), refuses_(refuses) {}
    ts::result<ts::key_facts> info(const std::string &name) override {
        const auto known = behind_.info(name);
        if (!known) {
            return known.error();
        }
        const auto key = known->public_key();
        ts::key_facts facts;
        facts.public_key.assign(key->data(), key->data() + key->size());
        return facts;
    }
    ts::result<std::vector<std::uint8_t>> sign(const std::string &name, ts::bytes_view message, ts::signature_algorithm algorithm) override {
        if (refuses_) {
            return ts::error(ts::error_kind::key_locked);
        }
        const auto value = behind_.sign(name, message, algorithm);
        return std::vector<std::uint8_t>(value->data(), value->data() + value->size());
    }

private:
    const ts::key_store &behind_;
    const bool &refuses_;
};

ts::bytes_view view(const std::uint8_t *bytes, std::size_t size) { return ts::bytes_view(bytes, size); }

void about_everything() {
    fixture made;
    fixture_make_offline(&made);
    {
        thrivosign_key_store *store = nullptr;
        must("store", thrivosign_key_store_ref(made.key_store, &store));
        const ts::key_store keys(store);
        thrivosign_certificates *chain = nullptr;
        must("certificates", thrivosign_certificates_ref(made.certificates, &chain));
        const ts::certificates certificates(chain);
        thrivosign_trust *anchors = nullptr;
        must("trust", thrivosign_trust_ref(made.trust, &anchors));
        const ts::trust trust(anchors);

        bool refuses = true;
        const auto own = ts::key_store::from(std::make_unique<refusing_store>(keys, refuses));
        const auto signer = ts::signer::from_certificates(certificates, *own, "signing");
        hold(signer.has_value(), "a signer");
        const auto document = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
        const auto output = ts::output::to_memory();
        auto request = ts::signature_request::create();
        hold(request->set_reason("I have read and agree").has_value(), "a reason");
        const auto refused = signer->sign(*document, *output, *request);
        hold(!refused && refused.error().code() == ts::error_kind::key_locked && refused.error().retryable(), "the store's own code");
        refuses = false;
        hold(signer->sign(*document, *output, *request).has_value(), "signed");
        const auto pdf = output->take();
        const auto report = ts::document::from_memory(view(pdf->data(), pdf->size()))->verify(trust);
        hold(report->clean().value() && report->signature(0).signer_name().value() == "Anna Schmidt", "clean");
        const auto taken = output->take();
        hold(!taken && taken.error().code() == ts::error_kind::wrong_order, "taken");
        const auto missing = ts::document::from_path("/no/such/file");
        hold(!missing && missing.error().code() == ts::error_kind::source_unreadable, "no such file");
        const auto listed = own->list();
        hold(!listed && listed.error().code() == ts::error_kind::key_store_unavailable, "what the store does not do");
    }
    fixture_free(&made);
}

} // namespace

int main() {
    const auto before = ts::objects_alive();
    about_everything();
    hold(ts::objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
