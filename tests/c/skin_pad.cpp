// The C++ skin over a token with a pad: what hsm.sh calls. usage: skin_pad MODULE LABEL KEY

#include "fixture.h"

#include <string>

#include <thrivosign.hpp>

namespace ts = thrivosign;

int main(int count, char **arguments) {
    hold(count == 4, "a module, a token and a key");
    {
        const auto keys = ts::key_store::on_token_with_pad(arguments[1], arguments[2], nullptr);
        hold(keys.info(arguments[3]).protection() == ts::protection::hsm, "on a token");
        hold(keys.sign(arguments[3], ts::bytes_of(std::string("message")), ts::signature_algorithm::ecdsa_sha256).size() > 64, "a signature");
        try {
            ts::key_store::on_token_with_pad(arguments[1], nullptr, "no such serial");
            hold(false, "there is no such token");
        } catch (const ts::error &error) {
            hold(error.code() == ts::error_kind::key_store_unavailable, "not there");
        }
    }
    hold(ts::objects_alive() == 0, "nothing is left over");
    return 0;
}
