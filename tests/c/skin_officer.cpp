// The C++ skin with exceptions: a registration officer rejects, approves and revokes, beside a server whose certificates wait for one.

#include "fixture.h"

#include <string>
#include <utility>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

const std::string DEVICE = "cpp-officer";

std::string code() { return newest_line(setting("THRIVOSIGN_OFFICE_OUTBOX")); }

ts::pending_request asked(const ts::client &anna, const ts::key_store &keys, const std::string &key) {
    keys.create(key, ts::key_algorithm::p256, ts::key_purpose::signing);
    const auto challenge = anna.ask_challenge(DEVICE, ts::authentication_method::otp);
    ts::certificate_order order;
    order.device_uuid = DEVICE;
    order.authentication_key = "authentication";
    order.signing_key = key;
    order.subject_name = "Anna Schmidt";
    auto requested = anna.order_certificate(keys, order, challenge, ts::authentication_method::otp, code());
    hold(!requested.identity && requested.pending.has_value(), "it waits");
    return std::move(*requested.pending);
}

template <class Call> ts::error_kind thrown(Call call) {
    try {
        call();
    } catch (const ts::error &error) {
        return error.code();
    }
    return {};
}

} // namespace

int main() {
    {
        const ts::client officer(office_client("officer"));
        const ts::client anna(office_client(setting("THRIVOSIGN_USER")));
        const auto keys = ts::key_store::in_memory();
        keys.create("authentication", ts::key_algorithm::p256, ts::key_purpose::authentication);
        anna.send_device_code();
        anna.register_device(keys, "authentication", DEVICE, "Anna's machine", "linux", code());
        hold(thrown([&] { anna.users_devices(); }) == ts::error_kind::authorization_denied, "Anna is no officer");

        const auto first = asked(anna, keys, "first");
        auto waiting = officer.waiting_requests();
        const auto one = waiting.at(0);
        hold(waiting.count() == 1 && one.name() == "Anna Schmidt" && one.email() == setting("THRIVOSIGN_USER") && !one.user_id().empty(), "who asks");
        hold(one.device_uuid() == DEVICE && one.device_name() == "Anna's machine" && one.platform() == "linux" && !one.company(), "on what");
        hold(one.security_level() == ts::security_level::software && one.asked() <= std::chrono::system_clock::now() + std::chrono::minutes(1), "when");
        officer.reject_request(one.id(), "Come to the counter with your passport.");
        hold(thrown([&] { anna.ask_again(first); }) == ts::error_kind::certificate_refused, "Anna is told");

        const auto second = asked(anna, keys, "second");
        waiting = officer.waiting_requests();
        officer.approve_request(waiting.at(0).id());
        hold(anna.ask_again(second).identity.has_value(), "Anna has it");

        const auto devices = officer.users_devices();
        const auto lost = [&] {
            for (std::size_t index = 0; index < devices.count(); index++) {
                if (devices.at(index).uuid() == DEVICE) {
                    return devices.at(index);
                }
            }
            hold(false, "Anna's device");
            return devices.at(0);
        }();
        hold(lost.name() == "Anna Schmidt" && lost.email() == setting("THRIVOSIGN_USER") && !lost.user_id().empty() && !lost.company(), "whose it is");
        hold(lost.device_name() == "Anna's machine" && lost.platform() == "linux" && lost.security_level() == ts::security_level::software, "what it is");
        hold(lost.credential_count() == 1 && !lost.credential_id(0).empty() && lost.credential_state(0) == ts::certificate_state::new_ &&
                 lost.credential_not_after(0) > std::chrono::system_clock::now(),
             "what was certified on it");
        officer.revoke_users_device(DEVICE, ts::revocation_reason::key_compromise);
        const auto left = officer.users_devices();
        for (std::size_t index = 0; index < left.count(); index++) {
            hold(left.at(index).uuid() != DEVICE, "it is revoked");
        }
    }
    hold(ts::objects_alive() == 0, "nothing is left over");
    return 0;
}
