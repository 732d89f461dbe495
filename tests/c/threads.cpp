// Eight threads of mixed calls on shared objects: sign, verify, inspect, report getters, other handles for the same objects, cancelling, and freeing
// handles that others are using. For ThreadSanitizer. usage: threads [ROUNDS]

#include "fixture.h"

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <thrivosign.hpp>

namespace ts = thrivosign;

namespace {

struct shared {
    fixture made{};
    std::atomic<std::size_t> calls{0};
    std::atomic<std::size_t> cancelled{0};
};

ts::document signed_document(const fixture &f) {
    thrivosign_output *to = nullptr;
    must("output", thrivosign_output_new_to_memory(&to));
    const ts::output output(to);
    thrivosign_signed *made = nullptr;
    must("sign", thrivosign_signer_sign(f.signer, f.document, to, f.signature_request, nullptr, nullptr, &made));
    const ts::signed_document done(made);
    return ts::document::from_memory(output.take());
}

// Another handle for each shared object, used and freed while the others use theirs.
void signs_and_verifies(shared &all) {
    thrivosign_trust *anchors = nullptr;
    must("trust", thrivosign_trust_ref(all.made.trust, &anchors));
    const ts::trust trust(anchors);
    const auto report = signed_document(all.made).verify(trust);
    hold(report.clean(), "clean");
    hold(report.signature(0).signer_name().value_or("") == "Anna Schmidt", "the signer");
    hold(!report.to_json().empty(), "a report");
    all.calls += 4;
}

void looks(shared &all, const ts::report &report) {
    const auto other = report.share();
    hold(other.signature_count() == 1, "one signature");
    hold(report.signature(0).intact(), "intact");
    thrivosign_inspection *found = nullptr;
    must("inspect", thrivosign_document_inspect(all.made.document, nullptr, 0, nullptr, &found));
    hold(ts::inspection(found).pages() > 0, "pages");
    all.calls += 4;
}

// The token is cancelled by another thread in the middle, or just before, or just after.
void is_cancelled(shared &all, bool at_once) {
    const auto token = ts::cancel::create();
    thrivosign_call call = {};
    call.struct_size = sizeof call;
    call.cancel = token.get();
    std::thread other([&] {
        if (!at_once) {
            std::this_thread::yield();
        }
        token.now();
    });
    thrivosign_report *report = nullptr;
    const auto code = code_of(thrivosign_document_verify(all.made.document, all.made.trust, nullptr, &call, &report));
    other.join();
    thrivosign_report_free(report);
    hold(code == 0 || code == THRIVOSIGN_ERROR_KIND_CANCELLED, "done or cancelled");
    all.cancelled += code != 0 ? 1 : 0;
    all.calls += 2;
}

// One handle, freed by one thread while another uses it: the call goes well or says that it is freed.
void is_freed(shared &all) {
    thrivosign_document *handle = nullptr;
    must("ref", thrivosign_document_ref(all.made.document, &handle));
    std::thread other([&] { thrivosign_document_free(handle); });
    std::uint64_t size = 0;
    const auto code = code_of(thrivosign_document_size(handle, &size));
    other.join();
    hold(code == 0 || code == THRIVOSIGN_ERROR_KIND_ALREADY_USED, "there or freed");
    all.calls += 2;
}

} // namespace

int main(int count, char **words) {
    const int rounds = count > 1 ? std::atoi(words[1]) : 20;
    const auto before = ts::objects_alive();
    {
        shared all;
        fixture_make_offline(&all.made);
        const auto document = signed_document(all.made);
        thrivosign_trust *anchors = nullptr;
        must("trust", thrivosign_trust_ref(all.made.trust, &anchors));
        const auto report = document.verify(ts::trust(anchors));
        std::vector<std::thread> threads;
        for (int number = 0; number < 8; number++) {
            threads.emplace_back([&, number] {
                for (int round = 0; round < rounds; round++) {
                    switch ((round + number) % 4) {
                    case 0: signs_and_verifies(all); break;
                    case 1: looks(all, report); break;
                    case 2: is_cancelled(all, round % 2 == 0); break;
                    default: is_freed(all); break;
                    }
                }
            });
        }
        for (auto &thread : threads) {
            thread.join();
        }
        std::cout << "8 threads, " << all.calls << " calls, " << all.cancelled << " cancelled\n";
        fixture_free(&all.made);
    }
    hold(ts::objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
