// The C++ skin with exceptions: a device says yes or no to a signature with a key that the service holds, beside a demo server.

#include "fixture.h"

#include <future>
#include <memory>
#include <optional>
#include <string>

#include <thrivosign.hpp>

namespace ts = thrivosign;
using namespace std::chrono_literals;

namespace {

// Nobody is asked for a PIN where a device says yes.
struct nobody : ts::factor_source {
    ts::shown_factors ask(const ts::wanted_factors &) override { throw ts::error(ts::error_kind::key_cancelled); }
};

// As the page has it: the app shows what is asked, the person agrees or not.
template <class Agreed> ts::authorization_list approve(const ts::client &client, const ts::key_store &keys, const std::string &device, Agreed agreed) {
    auto waiting = client.waiting_authorizations(device, 60s);
    for (std::size_t index = 0; index < waiting.count(); index++) {
        const auto said = agreed(waiting.at(index)) ? ts::decision::approve : ts::decision::decline;
        client.answer_authorization(keys, "authentication", waiting, index, said);
    }
    return waiting;
}

} // namespace

int main() {
    const std::string device = "cpp-approvals";
    fixture made;
    fixture_make(&made, device.c_str());
    {
        thrivosign_client *held = nullptr;
        must("client", thrivosign_client_ref(made.client, &held));
        const ts::client client(held);
        thrivosign_key_store *own = nullptr;
        must("keys", thrivosign_key_store_ref(made.key_store, &own));
        const ts::key_store keys(own);
        const auto challenge = client.ask_challenge(device, ts::authentication_method::otp);
        const auto credential = client.request_remote_credential(device, challenge, ts::authentication_method::otp, one_time_code(), nullptr);
        const auto remote = client.remote_keys(std::make_unique<nobody>(), "a loan", "loan.pdf");
        const auto nameless = client.remote_keys(std::make_unique<nobody>());
        const auto signs = [&](const ts::key_store &with) {
            return std::async(std::launch::async, [&, keys_of = &with]() -> std::optional<ts::error_kind> {
                try {
                    keys_of->sign(credential.credential_id, ts::bytes_of(std::string("message")), ts::signature_algorithm::ecdsa_sha256);
                    return std::nullopt;
                } catch (const ts::error &error) {
                    return error.code();
                }
            });
        };
        hold(client.waiting_authorizations(device).count() == 0, "nothing waits yet");

        auto signing = signs(remote);
        const auto answered = approve(client, keys, device, [&](const ts::pending_authorization &asked) {
            hold(!asked.id().empty() && asked.credential_id() == credential.credential_id && asked.description() == "a loan", "what is asked");
            hold(asked.hash_count() == 1 && asked.hash(0).size() == 32 && asked.document_name(0) == "loan.pdf" && asked.expires_in() > 30s, "of what");
            return true;
        });
        hold(answered.count() == 1 && !signing.get(), "signed after a yes");
        try {
            client.answer_authorization(keys, "authentication", answered, 0, ts::decision::decline);
            hold(false, "a yes stands");
        } catch (const ts::error &error) {
            hold(error.code() == ts::error_kind::signing_conflict, "a yes stands");
        }

        auto refused = signs(nameless);
        approve(client, keys, device, [&](const ts::pending_authorization &asked) {
            hold(!asked.description() && !asked.document_name(0), "no words were given");
            return false;
        });
        hold(refused.get() == ts::error_kind::key_cancelled, "not signed after a no");
    }
    fixture_free(&made);
    hold(ts::objects_alive() == 0, "nothing is left over");
    return 0;
}
