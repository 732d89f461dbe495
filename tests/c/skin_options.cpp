// The C++ skin with exceptions: what a signature can be asked for, what is found before, in place, many at once, empty fields; backups of keys.

#include "fixture.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

template <class Work> void fails(const char *what, ts::error_kind code, Work work) {
    try {
        work();
    } catch (const ts::error &error) {
        if (error.code() == code) {
            return;
        }
        std::cerr << what << ": " << error.name() << '\n';
        std::exit(EXIT_FAILURE);
    }
    std::cerr << "did not fail: " << what << '\n';
    std::exit(EXIT_FAILURE);
}

std::vector<std::uint8_t> file(const std::string &path) {
    std::ifstream from(path, std::ios::binary);
    hold(from.good(), path.c_str());
    return {std::istreambuf_iterator<char>(from), {}};
}

std::string copy(const char *name) {
    const std::string path = scratch(name);
    const auto bytes = file(setting("THRIVOSIGN_DOCUMENT"));
    std::ofstream to(path, std::ios::binary);
    to.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    hold(to.good(), "a copy of the document");
    return path;
}

void about_everything() {
    const std::string chain = setting("THRIVOSIGN_CHAIN");
    const auto keys = ts::key_store::in_memory();
    keys.import("signing", ts::key_purpose::signing, file(chain + "/signer.key"));
    const auto trust = ts::trust::from_pem(file(chain + "/root.pem"));
    const auto signer = ts::signer::from_certificates(ts::certificates::from_pem(file(chain + "/chain.pem")), keys, "signing");
    const auto document = ts::document::from_path(setting("THRIVOSIGN_DOCUMENT"));
    const auto memory = ts::output::to_memory();

    // Places, restrictions and looks.
    auto request = ts::signature_request::create();
    ts::anchor beside;
    beside.text = "EUR 24,000.00";
    beside.page = 1;
    beside.occurrence = 1;
    beside.offset_y = -60;
    beside.width = 200;
    beside.height = 50;
    request.set_anchor(beside);
    request.set_certification(ts::doc_mdp::form_filling);
    request.set_lock(ts::field_lock::exclude);
    request.add_locked_field("free");
    request.add_template("Signed by {name}");
    request.set_ink_pad(100, 50, 2);
    request.add_ink_stroke({{10, 10}, {50, 40}, {90, 10}});
    request.set_link(std::string("https://bank.example/verify/4711"));
    request.set_arrangement(ts::arrangement::over);
    request.set_frame(ts::frame::none);
    const auto made = signer.sign(document, memory, request);
    hold(made.repair() == ts::repair::none && !made.preflight(), "no repair, no look");
    const auto certified = memory.take();
    hold(ts::document::from_memory(certified).verify(trust).clean(), "clean");
    fails("certified twice", ts::error_kind::signing_forbidden,
          [&] { signer.sign(ts::document::from_memory(certified), memory, request); });
    request.set_next_free(180, 50);
    request.set_certification(std::nullopt);
    request.set_lock(std::nullopt);
    request.set_link(std::nullopt);
    request.clear_text();
    signer.sign(document, memory, request);
    request.set_invisible();
    fails("no picture", ts::error_kind::invalid_argument, [&] { request.set_image(ts::bytes_of("GIF89a")); });
    request.set_image({});
    if (ts::has_feature("appearance-full")) {
        request.set_font({});
    } else {
        fails("no fonts", ts::error_kind::text_unrepresentable, [&] { request.set_font({}); });
    }

    // What is found before, and with the signature.
    auto bank = ts::preflight_policy::named("bank");
    ts::sign_options how;
    how.preflight = &bank;
    const auto found = document.preflight(how);
    hold(found.stop_count() == 1 && found.stop(0) == "font_not_embedded", "what stops");
    hold(found.inspection().risk_remedy(0) != "", "and what to do about it");
    fails("stopped", ts::error_kind::preflight_refused, [&] { signer.sign(document, memory, request, how); });
    bank.allow("font_not_embedded");
    const auto allowed = signer.sign(document, memory, request, how);
    hold(allowed.preflight().has_value() && allowed.preflight()->stop_count() == 0, "the findings come with the signature");
    hold(allowed.preflight()->inspection().risk_code(0) == "font_not_embedded", "all of them");
    how.carry_evidence = true;
    how.consent = "I agree to all of it.";
    const auto carrying = signer.sign(document, memory, request, how);
    hold(carrying.size() > allowed.size() + how.consent->size(), "the document carries a record");
    how.carry_evidence = false;
    how.damage = ts::damage::rewrite;
    how.rewrite_limit = 1 << 20;
    hold(signer.sign(document, memory, request, how).repair() == ts::repair::none, "what is whole is not repaired");

    // In place.
    const auto path = copy("skin-in-place.pdf");
    hold(signer.sign_in_place(path, request).source_size() == document.size(), "in place");
    hold(ts::recover_in_place(path) == ts::recovery::nothing, "nothing was interrupted");
    hold(ts::document::from_path(path).verify(trust).clean(), "clean in place");

    // Many at once.
    auto batch = ts::batch::create();
    batch.set_jobs(2);
    batch.set_durability(ts::durability::none);
    for (const char *name : {"skin-batch-0.pdf", "skin-batch-1.pdf", "skin-batch-2.pdf"}) {
        batch.add(setting("THRIVOSIGN_DOCUMENT"), scratch(name));
    }
    batch.add("no such file", scratch("skin-batch-3.pdf"));
    std::uint64_t bytes = 0, documents = 0;
    std::string why;
    ts::call told;
    told.progress = [&](std::uint64_t done, std::uint64_t total) { documents += done <= total && total == 4 ? 1 : 0; };
    const auto summary = signer.sign_batch(
        batch, request,
        [&](std::size_t, const ts::signed_document *signature, const ts::error *failure) {
            bytes += signature != nullptr ? signature->size() : 0;
            why += failure != nullptr ? failure->name() : "";
        },
        {}, told);
    hold(summary.signed_count == 3 && summary.failed_count == 1 && summary.left_count == 0 && !summary.stopped, "three of four");
    hold(bytes > 0 && documents == 4 && why == "source_unreadable", "all were told");
    batch.set_jobs(1);
    const auto thrown = signer.sign_batch(batch, request, [](std::size_t, const ts::signed_document *, const ts::error *) {
        throw ts::error(ts::error_kind::key_locked);
    });
    hold(thrown.stopped && thrown.stopped->code() == ts::error_kind::key_locked && thrown.left_count == 3, "what is thrown stops it");
    const auto other = signer.sign_batch(batch, request, [](std::size_t, const ts::signed_document *, const ts::error *) {
        throw std::runtime_error("the disk of the table is full");
    });
    hold(other.stopped && other.stopped->code() == ts::error_kind::cancelled, "anything else that is thrown is a cancellation");
    hold(signer.sign_batch(batch, request).signed_count == 3, "without a listener");

    // What the verifier tells beside its verdict.
    const auto whole = ts::document::from_path(path);
    const auto report = whole.verify(trust);
    const auto german = ts::words::built_in("de");
    hold(report.to_text(german).find("Dokument") != std::string::npos, "in German");
    hold(report.to_html(std::string("contract.pdf"), &german).find("contract.pdf") != std::string::npos, "a page");
    const auto table = ts::words::from_json("fr", R"({"heading.document": "Le document"})");
    hold(report.to_text(table).find("Le document") != std::string::npos, "in French");
    hold(ts::words::english().find("heading.document") != std::string::npos, "the codes");
    const auto since = whole.diff(0);
    hold(since.change_count() == 0 && !since.undecided() && since.field() == "Signature1", "nothing changed since");
    hold(since.revision().first == since.revision().second && since.to_json() != "" && since.to_text() != "", "it is the last revision");
    const auto listed = whole.signatures();
    hold(listed.count() == 1 && listed.field(0) == "Signature1" && listed.claimed_time(0).has_value(), "what it claims");
    hold(listed.claimed_signer(0) == "Anna Schmidt" && listed.revision(0) > 0 && listed.to_json() != "", "who it claims");
    hold(whole.extract_signed_revision(0, memory).size == whole.size() && memory.take().size() == whole.size(), "what the signer saw");
    try {
        (void)whole.diff(5);
    } catch (const ts::error &failure) {
        hold(ts::html_failure(failure, std::string("contract.pdf")).find("101") != std::string::npos, "a page that says why");
    }
    auto files = ts::batch::create();
    files.add(path);
    files.add("no such file");
    std::size_t judged = 0, refused = 0;
    const auto came = files.verify(trust, [&](std::size_t, const ts::report *shown, const ts::error *failure) {
        judged += shown != nullptr && shown->clean() ? 1U : 0U;
        refused += failure != nullptr && failure->code() == ts::error_kind::source_unreadable ? 1U : 0U;
    });
    hold(came.clean_count == 1 && came.failed_count == 1 && judged == 1 && refused == 1 && !came.stopped, "one of two");
    hold(files.verify(trust, {}, ts::order::as_they_come).clean_count == 1, "without a listener");

    // Empty fields.
    auto fields = ts::empty_fields::create();
    auto borrower = ts::signature_request::create();
    borrower.set_field("loan.borrower");
    borrower.set_box(3, 60, 60, 240, 110);
    fields.add(borrower);
    fields.add_reason("I borrow");
    hold(document.add_fields(fields, memory) > document.size(), "fields make it longer");
    const auto prepared = ts::document::from_memory(memory.take());
    const auto seen = prepared.inspect();
    hold(seen.field_count() == 1 && seen.field_name(0) == "loan.borrower" && !seen.field_signed(0), "the field is there");
    hold(seen.field_visible(0) && seen.field_page(0) == 3U, "where it was asked for");
    borrower.set_reason("I borrow");
    hold(signer.sign(prepared, memory, borrower).field() == "loan.borrower", "and signed");
}

void backups() {
    const auto store = ts::key_store::in_folder(scratch("skin-key-backup"));
    store.unlock("passphrase");
    const auto made = store.create_exportable("seal", ts::key_algorithm::p256, ts::key_purpose::signing).public_key();
    const auto backup = store.backup("seal", "copy");
    fails("there already", ts::error_kind::key_exists, [&] { store.restore(backup, "copy"); });
    store.remove("seal");
    hold(store.restore(backup, "copy").public_key().words() == made.words(), "the same key");
}

} // namespace

int main() {
    const auto before = ts::objects_alive();
    about_everything();
    backups();
    hold(ts::objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
