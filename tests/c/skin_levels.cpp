// The C++ skin with exceptions: levels, beside the trust services of a demo server.

#include "fixture.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

std::vector<std::uint8_t> file(const std::string &path) {
    std::ifstream from(path, std::ios::binary);
    hold(from.good(), path.c_str());
    return {std::istreambuf_iterator<char>(from), {}};
}

void raised(const ts::document &signed_, const ts::trust &trust) {
    const std::string base = setting("THRIVOSIGN_TRUST_SERVICES");
    const auto memory = ts::output::to_memory();
    auto how = ts::extension::create(ts::level::blta, trust);
    how.set_reach(ts::reach::anywhere);

    ts::time_stamp_authority down;
    down.url = "http://127.0.0.1:1/tsa";
    down.policy = "1.2.3";
    down.tries = 1;
    down.timeout = std::chrono::seconds(2);
    how.add_authority(down);
    const auto in_vain = signed_.extend(how, memory);
    hold(!in_vain.reached() && !in_vain.level(), "no time stamp, no level");
    hold(in_vain.unanswered_count() > 0 && in_vain.unanswered_url(0) == down.url && in_vain.unanswered_code(0) == "connect_failed", "who, and why");
    hold(ts::document::from_memory(memory.take()).verify(trust).clean(), "nothing is lost");

    ts::time_stamp_authority up;
    up.url = base + "/tsa";
    how.add_authority(up);
    bool told = false;
    ts::call watched;
    watched.progress = [&](std::uint64_t done, std::uint64_t total) { told |= done > 0 && total > 0; };
    const auto done = signed_.extend(how, memory, {}, watched);
    hold(done.reached() && done.level() == ts::level::blta && done.missing_count() == 0 && done.added_size() > 0, "B-LTA");
    hold(done.report().clean() && done.report().signature(0).level() == ts::level::blta, "the report says so");
    hold(told, "and progress was told");
    ts::verify_options strictly;
    strictly.revocation = ts::revocation::require;
    strictly.time = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::seconds(2);
    const auto archived = ts::document::from_memory(memory.take());
    const auto report = archived.verify(trust, strictly);
    hold(report.clean() && report.signature(0).level() == ts::level::blta, "by what the document carries");

    auto alone = ts::extension::create(ts::level::blt, trust);
    alone.set_time(*strictly.time);
    const auto lacking = signed_.extend(alone, memory);
    hold(lacking.missing_count() > 0 && lacking.unanswered_count() == 0, "nothing was fetched");
    const auto first = lacking.missing(0);
    hold(first.lack() == ts::lack::status && !first.failure() && first.certificate().size() > 200, "what is missing");
    hold(first.subject().find("Anna Schmidt") != std::string::npos && first.asked_count() > 0, "for whom");
    hold(first.asked_url(0).rfind(base, 0) == 0 && first.asked_code(0) == "not_asked", "where it could be had");

    ts::cancel stop = ts::cancel::create();
    ts::call ended;
    ended.token = &stop;
    stop.now();
    try {
        static_cast<void>(signed_.extend(how, memory, {}, ended));
        hold(false, "a cancelled call went well");
    } catch (const ts::error &error) {
        hold(error.code() == ts::error_kind::cancelled, error.what());
    }
}

void signed_at_a_level(const ts::signer &signer, const ts::trust &trust) {
    const auto memory = ts::output::to_memory();
    auto how = ts::extension::create(ts::level::blta, trust);
    how.set_reach(ts::reach::anywhere);
    ts::time_stamp_authority authority;
    authority.url = std::string(setting("THRIVOSIGN_TRUST_SERVICES")) + "/tsa";
    how.add_authority(authority);
    ts::sign_options options;
    options.extension = &how;
    const auto document = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
    const auto made = signer.sign(document, memory, ts::signature_request::create(), options);
    const auto raised = made.extended();
    hold(raised.reached() && raised.level() == ts::level::blta && !raised.report() && raised.stopped() == ts::error_kind::ok, "signed and raised");
    hold(made.size() == memory.take().size(), "all of it");
    hold(!signer.sign(document, memory, ts::signature_request::create()).extended(), "no level was asked for");
}

void evidence_at_hand() {
    const std::string chain = setting("THRIVOSIGN_CHAIN");
    const auto root = file(chain + "/root.pem");
    const auto keys = ts::key_store::in_memory();
    keys.import("signing", ts::key_purpose::signing, file(chain + "/signer.key"));
    const auto signer = ts::signer::from_certificates(ts::certificates::from_pem(file(chain + "/chain.pem")), keys, "signing");
    const auto memory = ts::output::to_memory();
    signer.sign(ts::document::from_path(setting("THRIVOSIGN_DOCUMENT")), memory, ts::signature_request::create());
    const auto document = ts::document::from_memory(memory.take());

    auto evidence = ts::evidence::create();
    evidence.add_crls(file(chain + "/signer.crl"));
    evidence.add_ocsp(file(chain + "/signer.ocsp"));
    evidence.add_certificates(root);
    hold(evidence.count() == 3, "three pieces");
    ts::verify_options strictly;
    strictly.revocation = ts::revocation::require;
    const auto nobody = ts::trust::from_pem({});
    const auto signers = nobody.with(ts::role::signer, root).with(ts::role::ocsp_responder, root).with(ts::role::crl_issuer, root);
    hold(!document.verify(signers, strictly).clean(), "no statement");
    strictly.evidence = &evidence;
    hold(document.verify(signers, strictly).clean(), "statements at hand");
    hold(!document.verify(nobody.with(ts::role::time_stamping, root), strictly).clean(), "who stamps is no signer");

    auto how = ts::extension::create(ts::level::blt, signers);
    hold(document.extend(how, memory).missing_count() > 0, "missing");
    how.set_evidence(&evidence);
    hold(document.extend(how, memory).missing_count() == 0, "at hand");
}

} // namespace

int main() {
    const auto before = ts::objects_alive();
    try {
        evidence_at_hand();
        fixture all;
        fixture_make(&all, "skin-levels-device");
        {
            const ts::buffer pdf(std::exchange(all.buffer, nullptr));
            const ts::trust trust(std::exchange(all.trust, nullptr));
            raised(ts::document::from_memory(pdf), trust);
            signed_at_a_level(ts::signer(std::exchange(all.signer, nullptr)), trust);
        }
        fixture_free(&all);
    } catch (const ts::error &error) {
        std::cerr << error.what() << " (" << error.name() << ")\n";
        return EXIT_FAILURE;
    }
    ts::shutdown();
    hold(ts::objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
