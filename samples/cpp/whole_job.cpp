// The whole job in C++17: log in, register this device, have a certificate issued and activated, sign an agreement in three ways, verify, revoke.
//
// Settings come from the environment; `cargo xtask with-server -- PROGRAM` sets them for a demo server:
// THRIVOSIGN_SERVICE, _API_KEY, _TLS_ROOT (file), _TRUST (file), _USER, _PASSWORD, _DOCUMENT (file), _SCRATCH (folder), and _OUTBOX, the file
// whose last line is the newest one-time code; without it the codes are asked for on the terminal.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

const std::string device = "sample-device-cpp";

std::string setting(const char *name) {
    const char *value = std::getenv(name);
    return value != nullptr ? value : throw std::runtime_error(std::string(name) + " is not set");
}

std::string file_of(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string scratch(const std::string &name) { return setting("THRIVOSIGN_SCRATCH") + "/cpp-" + name; }

// The one-time code that was just sent: the outbox's last line, or what is typed.
std::string one_time_code() {
    std::string code;
    if (const char *outbox = std::getenv("THRIVOSIGN_OUTBOX")) {
        std::ifstream lines(outbox);
        for (std::string line; std::getline(lines, line);) {
            code = line;
        }
    } else {
        std::cout << "one-time code: " << std::flush;
        std::getline(std::cin, code);
    }
    return code;
}

// A session whose tokens are bound to the device's authentication key, which is made here.
ts::client logged_in(const ts::key_store &store) {
    auto environment = ts::environment::create(setting("THRIVOSIGN_SERVICE"));
    environment.set_roots_pem(ts::bytes_of(file_of(setting("THRIVOSIGN_TLS_ROOT"))));
    environment.set_api_key(setting("THRIVOSIGN_API_KEY"));
    auto client = ts::client::create(environment);
    store.create("authentication", ts::key_algorithm::p256, ts::key_purpose::authentication);
    client.prove_with(store, "authentication");
    client.login(setting("THRIVOSIGN_USER"), setting("THRIVOSIGN_PASSWORD"));
    return client;
}

// Makes the signing key, registers the device, and has a certificate issued and activated.
ts::identity enrolled(const ts::client &client, const ts::key_store &store) {
    store.create("signing", ts::key_algorithm::p256, ts::key_purpose::signing);
    client.send_device_code();
    client.register_device(store, "authentication", device, "Anna's machine", "linux", one_time_code());

    const auto otp = ts::authentication_method::otp;
    const auto challenge = client.ask_challenge(device, otp);
    ts::certificate_order order;
    order.device_uuid = device;
    order.authentication_key = "authentication";
    order.signing_key = "signing";
    order.subject_name = "Anna Schmidt";
    order.country = "DE";
    auto requested = client.order_certificate(store, order, challenge, otp, one_time_code());
    if (!requested.identity) {
        // Keep requested.pending->to_json(), and ask again later with client.ask_again.
        throw std::runtime_error("a registration officer has yet to approve");
    }
    const auto activation = client.begin_activation(*requested.identity);
    return client.finish_activation(store, *requested.identity, activation, one_time_code());
}

// Prints what the library's verifier says of a document; throws unless it is clean.
void verified(const std::string &what, const ts::document &document) {
    const auto trust = ts::trust::from_pem(ts::bytes_of(file_of(setting("THRIVOSIGN_TRUST"))));
    const auto report = document.verify(trust);
    std::cout << what << ": " << (report.clean() ? "clean" : "NOT CLEAN") << ", signed by "
              << report.signature(0).signer_name().value_or("nobody known") << '\n';
    if (!report.clean()) {
        throw std::runtime_error(report.to_text());
    }
}

// The key may be elsewhere, and the answer days away: what waits is a blob.
ts::buffer sign_with_a_pause(const ts::key_store &store, const ts::signer &signer, const ts::document &document,
                             const ts::signature_request &request) {
    const auto waiting = signer.prepare(document, request);
    const auto blob = waiting.to_blob();
    // Wherever the key is: it signs the message, not a digest of it.
    const auto value = store.sign("signing", waiting.message(), waiting.algorithm());
    const auto output = ts::output::to_memory();
    ts::prepared::from_blob(blob).complete(value, document, output);
    return output.take();
}

// Raised for the archive, without the signer; what could not be had is told.
void archive(const std::string &services) {
    auto how = ts::extension::create(ts::level::blta, ts::trust::from_pem(ts::bytes_of(file_of(setting("THRIVOSIGN_TRUST")))));
    how.set_reach(ts::reach::anywhere);
    ts::time_stamp_authority authority;
    authority.url = services + "/tsa";
    how.add_authority(authority);
    const auto archived = ts::document::from_path(scratch("device.pdf")).extend(how, ts::output::to_path(scratch("archived.pdf")));
    std::cout << "raised to B-LTA: " << (archived.reached() ? "yes" : "NO") << ", " << archived.added_size() << " bytes added\n";
    if (!archived.reached()) {
        throw std::runtime_error("not raised");
    }
}

void whole_job() {
    const auto store = ts::key_store::in_folder(scratch("keys"));
    store.unlock("a passphrase that only this sample uses");
    const auto client = logged_in(store);
    std::cout << "thrivosign " << ts::version() << ", logged in\n";
    const auto identity = enrolled(client, store);
    const auto signer = ts::signer::from_identity(identity, store);

    const auto document = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
    std::cout << "document: " << document.inspect().risk_count() << " risk markers\n";
    auto request = ts::signature_request::create();
    request.set_reason("I have read and agree");
    request.set_box(1, 72, 72, 272, 132);

    // The service prepares and files; this device checks everything and signs.
    client.submit(signer, identity.credential_id(), document, ts::output::to_path(scratch("submit.pdf")), "agreement.pdf", request);
    verified("mode submit", ts::document::from_path(scratch("submit.pdf")));

    // This device does it all, and files the result.
    const auto filed = client.sign_and_file(signer, document, ts::output::to_path(scratch("device.pdf")), "agreement.pdf", request);
    if (filed.filing_error) {
        throw *filed.filing_error;
    }
    verified("mode device", ts::document::from_path(scratch("device.pdf")));

    // One order, given twice as after a crash: signed once, filed once. The key of 32 random bytes is the host's to keep.
    const std::vector<std::uint8_t> journal_key(32, 0x4a);
    for (int round = 0; round < 2; ++round) {
        const auto orders = ts::orders::in_folder(scratch("orders"), journal_key);
        const auto order = orders.sign("loan-4711", document, scratch("order.pdf"), request, signer, "I agree.");
        std::cout << "order filed as " << *orders.file(client, order.name(), "order.pdf").document_id() << '\n';
    }
    verified("order", ts::document::from_path(scratch("order.pdf")));

    verified("with a pause", ts::document::from_memory(sign_with_a_pause(store, signer, document, request)));

    if (const char *services = std::getenv("THRIVOSIGN_TRUST_SERVICES")) {
        archive(services);
    }

    client.revoke(identity.credential_id(), ts::revocation_reason::superseded);
    client.logout();
    std::cout << "revoked, logged out\n";
}

} // namespace

int main() {
    try {
        whole_job();
    } catch (const ts::error &error) {
        std::cerr << error.what() << " (" << error.name() << ")\n";
        return EXIT_FAILURE;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
    ts::shutdown();
    return ts::objects_alive() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
