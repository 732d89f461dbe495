// The lines that docs/howto/cpp.md shows, as they stand there, in a program that runs: tests/documented.rs holds the page to this file and, for
// the part without exceptions, to skin_returning_documented.cpp. Orders need a service: samples/cpp/whole_job.cpp.

#include "fixture.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <thrivosign.hpp>

namespace {

std::string file(const std::string &path) {
    std::ifstream from(path, std::ios::binary);
    hold(from.good(), path.c_str());
    return {std::istreambuf_iterator<char>(from), {}};
}

const thrivosign::key_store *behind;

class card : public thrivosign::device_key_store {
    thrivosign::key_facts info(const std::string &name) override;
    std::vector<std::uint8_t> sign(const std::string &name, thrivosign::bytes_view message, thrivosign::signature_algorithm) override;
};

thrivosign::key_facts card::info(const std::string &name) {
    const auto key = behind->info(name).public_key();
    thrivosign::key_facts facts;
    facts.public_key.assign(key.data(), key.data() + key.size());
    return facts;
}

std::vector<std::uint8_t> card::sign(const std::string &name, thrivosign::bytes_view message, thrivosign::signature_algorithm algorithm) {
    const auto value = behind->sign(name, message, algorithm);
    return {value.data(), value.data() + value.size()};
}

void show(std::uint64_t done, std::uint64_t total) { hold(done <= total, "never more than all"); }

void calls(const std::string &pem, const std::string &signed_pdf) {
    const auto trust = thrivosign::trust::from_pem(thrivosign::bytes_of(pem));
    const auto report = thrivosign::document::from_path(signed_pdf).verify(trust);
    if (report.clean()) {
        std::cout << report.signature(0).signer_name().value_or("nobody known");
    }

    hold(report.clean(), "clean");
}

void asked(const thrivosign::signer &signer, const std::string &png, const std::string &input, const std::string &result) {
    const auto document = thrivosign::document::from_path(input);
    const auto output = thrivosign::output::to_path(result);

    auto request = thrivosign::signature_request::create();
    thrivosign::anchor place;
    place.text = "14. Signatures", place.width = 200, place.height = 50;
    request.set_anchor(place);                                   // or set_box, set_next_free, set_field
    request.set_certification(thrivosign::doc_mdp::form_filling);
    request.add_template("Signed by {name}, {date}");
    request.set_image(thrivosign::bytes_of(png));
    request.set_ink_pad(100, 100, 2);
    request.add_ink_stroke({{20, 55}, {22, 48}});

    auto bank = thrivosign::preflight_policy::named("bank");
    bank.allow("font_not_embedded");
    thrivosign::sign_options how;
    how.preflight = &bank;
    how.damage = thrivosign::damage::rewrite;
    const auto made = signer.sign(document, output, request, how);
    made.repair();                                               // none, appended, rewritten
    made.preflight()->inspection().risk_code(0);

    const auto again = thrivosign::signature_request::create();
    const auto token = thrivosign::cancel::create();

    thrivosign::call limits;
    limits.timeout = std::chrono::minutes(2);
    limits.token = &token;                           // token.now() from another thread ends the call
    limits.progress = [](std::uint64_t done, std::uint64_t total) { show(done, total); };
    const auto done = signer.sign(document, output, request, {}, limits);

    hold(done.size() > document.size(), "signed");

    auto documents = thrivosign::batch::create();
    documents.add(input, result);
    const auto summary = signer.sign_batch(documents, again, [&](std::size_t index, const auto *made, const auto *failure) {
        std::cerr << index << ": " << (made != nullptr ? "signed" : failure->name()) << '\n';
    });

    hold(summary.signed_count == 1, "one");
}

void read(const thrivosign::trust &trust, const std::string &signed_pdf) {
    const auto document = thrivosign::document::from_path(signed_pdf);
    const auto report = document.verify(trust);
    const auto output = thrivosign::output::to_memory();

    const auto german = thrivosign::words::built_in("de");
    report.to_html("contract.pdf", &german);
    document.diff(0).to_text();                      // what changed since the first signature
    document.extract_signed_revision(0, output);     // what its signer saw
    document.signatures().claimed_signer(0);         // what is claimed, nothing verified
    auto files = thrivosign::batch::create();
    files.add(signed_pdf);
    files.verify(trust, [&](std::size_t index, const auto *report, const auto *failure) {
        std::cerr << index << ": " << (report != nullptr ? "judged" : failure->name()) << '\n';
    });
}

void raise(const thrivosign::trust &trust, const std::string &signed_pdf) {
    const auto document = thrivosign::document::from_path(signed_pdf);
    const auto output = thrivosign::output::to_memory();
    const std::string tsa = std::string(setting("THRIVOSIGN_TRUST_SERVICES")) + "/tsa";
    thrivosign::sign_options options;

    auto how = thrivosign::extension::create(thrivosign::level::blta, trust);   // trust.with(thrivosign::role::time_stamping, pem) for one use
    thrivosign::time_stamp_authority authority;
    authority.url = tsa;
    how.add_authority(authority);
    how.set_reach(thrivosign::reach::public_);                                  // nothing is fetched without
    const auto archived = document.extend(how, output);
    archived.level();                                                           // and missing(0), unanswered_url(0)
    options.extension = &how;                                                   // as it is signed: signer.sign(..).extended()

    hold(!archived.level(), "this machine is no public network");
}

} // namespace

int main() {
    const std::string chain = setting("THRIVOSIGN_CHAIN");
    const std::string result = scratch("skin-documented.pdf");
    const auto key = file(chain + "/signer.key");
    const auto store = thrivosign::key_store::in_memory();
    store.import("signing", thrivosign::key_purpose::signing, thrivosign::bytes_of(key));
    behind = &store;

    const auto keys = thrivosign::key_store::from(std::make_unique<card>());

    const auto pem = file(chain + "/root.pem");
    const auto certificates = file(chain + "/chain.pem");
    const auto signer = thrivosign::signer::from_certificates(thrivosign::certificates::from_pem(thrivosign::bytes_of(certificates)), keys, "signing");
    const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x01\x08\x06\0\0\0\xf4\x22\x7f\x8a\0\0\0\x0eIDATx\xda\x63\xf8\xcf\xc0\0\x42\x0d\0\x0fz\x03~j\x81\x31\xe1\0\0\0\0IEND\xae\x42\x60\x82", 71);
    asked(signer, png, setting("THRIVOSIGN_DOCUMENT"), result);
    calls(pem, result);
    const auto trust = thrivosign::trust::from_pem(thrivosign::bytes_of(pem));
    read(trust, result);
    raise(trust, result);
    return 0;
}
