# Writes OUTPUT, a C++ file whose function FUNCTION returns the migrations listed in MANIFEST
# (lines of number|name|module|file).
cmake_policy(VERSION 3.25)
file(STRINGS ${MANIFEST} lines)
set(body "")
foreach(line ${lines})
    string(REGEX MATCH "^0*([0-9]+)\\|([^|]*)\\|([^|]*)\\|(.*)$" matched "${line}")
    if(NOT matched)
        continue()
    endif()
    set(entry "        {${CMAKE_MATCH_1}, \"${CMAKE_MATCH_2}\", \"${CMAKE_MATCH_3}\",\n")
    set(file "${CMAKE_MATCH_4}")
    file(READ "${file}" sql)
    if(sql MATCHES "\\)entrepot_sql\"")
        message(FATAL_ERROR "${file}: holds the mark that ends a raw string")
    endif()
    string(APPEND body "${entry}         R\"entrepot_sql(${sql})entrepot_sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from the schema folders by embed_schema_script.cmake.
#include \"platform/migrate/migrate.hpp\"

namespace entrepot::migrate {

std::vector<Migration> ${FUNCTION}();

std::vector<Migration> ${FUNCTION}() {
    return {
${body}    };
}

}  // namespace entrepot::migrate
")
