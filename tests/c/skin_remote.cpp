// The C++ skin with exceptions: a key that the service holds signs once the person has shown PIN and code, beside a demo server.

#include "fixture.h"

#include <memory>
#include <string>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

struct person : ts::factor_source {
    person(std::string types, int &times) : pin(std::move(types)), asked(times) {}
    ts::shown_factors ask(const ts::wanted_factors &wanted) override {
        asked++;
        hold(!wanted.credential_id.empty() && wanted.pin && wanted.code == ts::wanted_code::sent, "what is wanted");
        if (pin.empty()) {
            throw ts::error(ts::error_kind::key_cancelled);
        }
        return {pin, one_time_code()};
    }

    std::string pin;
    int &asked;
};

} // namespace

int main() {
    fixture made;
    fixture_make(&made, "cpp-remote");
    {
        thrivosign_client *held = nullptr;
        must("client", thrivosign_client_ref(made.client, &held));
        const ts::client client(held);
        const auto challenge = client.ask_challenge("cpp-remote", ts::authentication_method::otp);
        const auto credential = client.request_remote_credential("cpp-remote", challenge, ts::authentication_method::otp, one_time_code(), "271828",
                                                                 ts::second_factor::sms);
        hold(!credential.totp_secret, "no generator was asked for");
        int asked = 0;
        const auto keys = client.remote_keys(std::make_unique<person>("271828", asked), "a loan", "loan.pdf");
        const auto signer = ts::signer::from_certificates(keys.certificates_of(credential.credential_id), keys, credential.credential_id);
        const auto memory = ts::output::to_memory();
        const auto document = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
        signer.sign(document, memory, ts::signature_request::create());
        std::size_t size = 0;
        auto *root = file_of(setting("THRIVOSIGN_TRUST"), &size);
        const auto trust = ts::trust::from_pem({root, size});
        std::free(root);
        hold(ts::document::from_memory(memory.take()).verify(trust).clean() && asked == 1, "signed, and clean");
        try {
            const auto unwilling = client.remote_keys(std::make_unique<person>("", asked));
            unwilling.sign(credential.credential_id, ts::bytes_of(std::string("message")), ts::signature_algorithm::ecdsa_sha256);
            hold(false, "the person would not");
        } catch (const ts::error &error) {
            hold(error.code() == ts::error_kind::key_cancelled && asked == 2, "whoever would not");
        }
    }
    fixture_free(&made);
    hold(ts::objects_alive() == 0, "nothing is left over");
    return 0;
}
