// The C++ skin with exceptions: certificates are renewed, also through a journal, orders pass to the new key, a package is signed, beside a demo server.

#include "fixture.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

ts::client logged_in() {
    auto environment = ts::environment::create(setting("THRIVOSIGN_SERVICE"));
    std::size_t size = 0;
    auto *root = file_of(setting("THRIVOSIGN_TLS_ROOT"), &size);
    environment.set_roots_pem({root, size});
    std::free(root);
    environment.set_api_key(setting("THRIVOSIGN_API_KEY"));
    auto client = ts::client::create(environment);
    client.login(setting("THRIVOSIGN_USER"), setting("THRIVOSIGN_PASSWORD"));
    return client;
}

ts::identity enrolled(const ts::client &client, const ts::key_store &keys) {
    keys.create("authentication", ts::key_algorithm::p256, ts::key_purpose::authentication);
    keys.create("signing", ts::key_algorithm::p256, ts::key_purpose::signing);
    client.send_device_code();
    client.register_device(keys, "authentication", "cpp-packages", "Anna's machine", "linux", one_time_code());
    const auto asked = client.ask_challenge("cpp-packages", ts::authentication_method::otp);
    ts::certificate_order order;
    order.device_uuid = "cpp-packages";
    order.authentication_key = "authentication";
    order.signing_key = "signing";
    order.subject_name = "Anna Schmidt";
    auto requested = client.order_certificate(keys, order, asked, ts::authentication_method::otp, one_time_code());
    const auto begun = client.begin_activation(*requested.identity);
    return client.finish_activation(keys, *requested.identity, begun, one_time_code());
}

ts::identity renewed(const ts::client &client, const ts::key_store &keys, const ts::identity &old) {
    const auto asked = client.ask_renewal_challenge(old);
    const auto challenge = asked.words();
    keys.create("signing-2", ts::key_algorithm::p256, ts::key_purpose::signing, ts::prompt::none, ts::bytes_of(challenge));
    auto requested = client.renew_certificate(keys, old, "signing-2", asked);
    hold(requested.identity && requested.identity->state() == ts::certificate_state::activated, "renewed");
    hold(requested.identity->subject() == old.subject() && requested.identity->signing_key() == "signing-2", "for the same person");
    return std::move(*requested.identity);
}

/* A store after a new fingerprint: what it knows it still knows, and no key signs. */
class invalidated_store : public ts::device_key_store {
public:
    explicit invalidated_store(const ts::key_store &behind) : behind_(behind) {}
    ts::key_facts info(const std::string &name) override {
        const auto key = behind_.info(name).public_key();
        ts::key_facts facts;
        facts.public_key.assign(key.data(), key.data() + key.size());
        return facts;
    }
    std::vector<std::uint8_t> sign(const std::string &, ts::bytes_view, ts::signature_algorithm) override {
        throw ts::error(ts::error_kind::key_invalidated);
    }

private:
    const ts::key_store &behind_;
};

/* An order whose key was invalidated before it could answer is signed by the new one, in its place: one for the other. */
void succeeded(const ts::key_store &keys, const ts::identity &old, const ts::identity &who) {
    const auto document = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
    const auto request = ts::signature_request::create();
    const auto orders = ts::orders::in_folder(scratch("cpp-orders"), std::vector<std::uint8_t>(32, 7));
    const auto before = ts::signer::from_identity(old, ts::key_store::from(std::make_unique<invalidated_store>(keys)));
    try {
        orders.sign("loan-4711", document, scratch("cpp-lost.pdf"), request, before);
        hold(false, "the key is no more");
    } catch (const ts::error &error) {
        hold(error.code() == ts::error_kind::key_invalidated, "invalidated");
    }
    const auto waits = orders.at(0);
    ts::sign_options how;
    how.in_place_of = waits.name();
    const auto done = orders.sign("loan-4711", document, scratch("cpp-lost.pdf"), request, ts::signer::from_identity(who, keys), nullptr, false, how);
    hold(done.state() == ts::signing_order_step::completed && done.in_place_of_count() == 1 && done.in_place_of(0) == waits.name(), "in its place");
    hold(done.public_key() && waits.public_key() && *done.public_key() != *waits.public_key() && orders.count() == 1, "under another key");
}

/* As an earlier process left it each time: the next one opens the journal anew. */
void requested_through_a_journal(const ts::client &client, const ts::key_store &keys, const ts::identity &old) {
    const std::vector<std::uint8_t> secret(32, 7);
    const auto journal = [&] { return ts::requests::in_folder(scratch("cpp-requests"), secret); };
    hold(!journal().resume(client, "signing-3").identity, "nothing was signed yet");
    const auto asked = journal().renewal_challenge(client, "signing-3", old);
    const auto challenge = asked.words();
    journal().key(keys, "signing-3", ts::key_algorithm::p256, ts::key_purpose::signing, ts::prompt::none, ts::bytes_of(challenge));
    const auto begun = journal().at(0);
    hold(begun.signing_key == "signing-3" && begun.state == ts::request_state::begun, "begun");
    hold(journal().renew(client, keys, old, "signing-3", asked).identity->signing_key() == "signing-3", "renewed");
    hold(journal().at(0).state == ts::request_state::issued, "issued");
    hold(journal().resume(client, "signing-3").identity.has_value(), "and found again");
    journal().close("signing-3");

    const auto first = journal().challenge(client, "signing-4", "cpp-packages", ts::authentication_method::otp);
    journal().key(keys, "signing-4", ts::key_algorithm::p256, ts::key_purpose::signing);
    ts::certificate_order order;
    order.device_uuid = "cpp-packages";
    order.authentication_key = "authentication";
    order.signing_key = "signing-4";
    order.subject_name = "Anna Schmidt";
    hold(journal().order(client, keys, order, first, ts::authentication_method::otp, one_time_code()).identity.has_value(), "a first certificate");
    journal().close("signing-4");
    hold(journal().count() == 0, "closed");
}

void signed_in_a_package(const ts::client &client, const ts::key_store &keys, const ts::identity &who) {
    const auto document = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
    const auto id = client.create_package("Loan 4711", std::chrono::hours(24)).id();
    const auto filled = client.add_to_package(id, document, "loan.pdf");
    hold(filled.document_count() == 1 && filled.document_pages(0) == 3 && filled.document_signatures(0) == 0, "one document");
    ts::asked_signature asked;
    asked.user = setting("THRIVOSIGN_USER");
    asked.document_id = filled.document_id(0);
    asked.box = ts::page_box{1, 72, 72, 272, 132};
    client.assign_in_package(id, asked);
    asked.box.reset();
    asked.order = 2;
    asked.field = "second";
    client.assign_in_package(id, asked);
    const auto package = client.share_package(id);
    hold(package.is_owned() && package.state() == ts::package_state::shared && package.owner_name() == asked.user && package.version() > 3, "shared");
    hold(package.expires() - package.created() == std::chrono::hours(24) && !package.reason() && package.name() == "Loan 4711", "for a day");
    hold(package.recipient_count() == 2 && package.recipient_has_turn(0) && !package.recipient_has_turn(1), "one after the other");
    hold(package.recipient_box(0).x1 == 272 && package.recipient_box(1).page == 0 && package.recipient_field(1) == "second", "where");
    hold(package.recipient_order(1) == 2 && package.recipient_is_you(1) && package.recipient_id(0) != package.recipient_id(1), "who");
    hold(package.recipient_document_id(0) == package.document_id(0) && package.recipient_state(0) == ts::recipient_state::pending, "what");

    const auto waiting = client.list_packages(ts::package_view::waiting);
    bool found = false;
    for (std::size_t index = 0; index < waiting.count(); index++) {
        found |= waiting.at(index).id() == id;
    }
    hold(found, "it waits");
    const auto memory = ts::output::to_memory();
    client.fetch_from_package(package, 0, memory);
    const auto seen = ts::document::from_memory(memory.take());
    hold(seen.size() == package.document_size(0) && package.document_file_name(0) == "loan.pdf" && package.document_sha256(0).size() == 32, "fetched");
    const auto signer = ts::signer::from_identity(who, keys);
    const auto done =
        client.sign_in_package(signer, who.credential_id(), package, package.next(), seen, memory, ts::signature_request::create());
    hold(done.document_id() == package.document_id(0), "signed where it lies");
    hold(client.package_status(id).next() == 1, "the second has the turn");
    hold(client.decline_package(id, "The rate is wrong").state() == ts::package_state::declined, "and declines");
    hold(*client.package_status(id).reason() == "The rate is wrong", "for that reason");
    const auto taken = client.create_package("Nothing").id();
    hold(client.cancel_package(taken, "Empty").state() == ts::package_state::cancelled, "taken back");
}

} // namespace

int main() {
    {
        const auto client = logged_in();
        const auto keys = ts::key_store::in_memory();
        const auto old = enrolled(client, keys);
        const auto who = renewed(client, keys, old);
        succeeded(keys, old, who);
        requested_through_a_journal(client, keys, who);
        signed_in_a_package(client, keys, who);
    }
    hold(ts::objects_alive() == 0, "nothing is left over");
    return 0;
}
