// The C++ skin with exceptions: a draft's text fields are filled, and the user's signature image is kept and shown, beside a demo server.

#include "fixture.h"

#include <string>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

template <class Call> ts::error_kind thrown(Call call) {
    try {
        call();
    } catch (const ts::error &error) {
        return error.code();
    }
    return {};
}

bool holds(const ts::buffer &bytes, const std::string &text) {
    return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size()).find(text) != std::string::npos;
}

void fields(const ts::client &client) {
    const auto draft = client.create_package("Lease 4711");
    const auto package = draft.id();
    const auto before = client.add_to_package(package, ts::document::from_path(setting("THRIVOSIGN_FORM")), "lease.pdf");
    const auto document = before.document_id(0);

    auto values = ts::field_values::create();
    values.set("tenant", "Ben Example");
    values.set("rent", "12 500.00");
    const auto filled = client.fill_in_package(package, document, values);

    const auto memory = ts::output::to_memory();
    client.fetch_from_package(filled, 0, memory);
    const auto pdf = memory.take();
    hold(holds(pdf, "(Ben Example)") && holds(pdf, "(12 500.00)"), "filled");
    values.set("number", "1");
    hold(thrown([&] { client.fill_in_package(package, document, values); }) == ts::error_kind::document_refused, "not to be changed");
    client.cancel_package(package, "Tried out");
}

/* Signs the fixture's own package, or one like it. */
ts::buffer signs(const fixture &made, const ts::client &client, const ts::signature_request &request) {
    thrivosign_signer *signer = nullptr;
    must("signer", thrivosign_signer_ref(made.signer, &signer));
    thrivosign_buffer *credential = nullptr;
    must("credential", thrivosign_identity_credential_id(made.identity, &credential));
    const ts::package package(shared_package(&made));
    const auto memory = ts::output::to_memory();
    const auto seen = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
    client.sign_in_package(ts::signer(signer), text_of(ts::buffer(credential).get()), package, package.next(), seen, memory, request);
    return memory.take();
}

void image(const fixture &made, const ts::client &client) {
    const ts::bytes_view picture(PICTURE, PICTURE_SIZE);
    hold(thrown([&] { client.signature_image(); }) == ts::error_kind::record_not_found, "none yet");
    client.set_signature_image({OTHER_PICTURE, OTHER_PICTURE_SIZE});
    hold(thrown([&] {
             auto own = ts::signature_request::create();
             own.set_image(picture);
             signs(made, client, own);
         }) == ts::error_kind::prepared_revision_refused,
         "another picture is not signed");

    client.set_signature_image(picture);                                    // once, a PNG or JPEG file
    const auto seal = client.signature_image();                             // on the device that signs; shown to the person
    auto request = ts::signature_request::create();
    request.set_image({seal.data(), seal.size()});

    hold(holds(signs(made, client, request), "/Image") && !holds(signs(made, client, ts::signature_request::create()), "/Image"), "shown where asked");
    client.remove_signature_image();
    hold(thrown([&] { client.signature_image(); }) == ts::error_kind::record_not_found, "none any more");
}

} // namespace

int main() {
    fixture made;
    fixture_make(&made, "cpp-filling");
    {
        thrivosign_client *held = nullptr;
        must("client", thrivosign_client_ref(made.client, &held));
        const ts::client client(held);
        fields(client);
        image(made, client);
    }
    fixture_free(&made);
    hold(ts::objects_alive() == 0, "nothing is left over");
    return 0;
}
