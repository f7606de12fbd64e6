# entrepot_library(name [PCH header] SOURCES … [LINK …]) : a static library with our flags.
# entrepot_module(name SOURCES … [LINK …])               : a business module, same shape everywhere.
# entrepot_tests(SOURCES …)                              : adds test files to the one test binary.
function(entrepot_library name)
    cmake_parse_arguments(ARG "" "PCH" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC entrepot_flags ${ARG_LINK})
    if(ARG_PCH)
        target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/${ARG_PCH})
    endif()
endfunction()

function(entrepot_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK;TESTS" ${ARGN})
    entrepot_library(module_${name} PCH pch.hpp SOURCES ${ARG_SOURCES} LINK entrepot_platform ${ARG_LINK})
    set_property(GLOBAL APPEND PROPERTY ENTREPOT_MODULES module_${name})
    entrepot_schema_dir()
    entrepot_tests(SOURCES ${ARG_TESTS})
endfunction()

function(entrepot_tests)
    cmake_parse_arguments(ARG "" "" "SOURCES" ${ARGN})
    foreach(source ${ARG_SOURCES})
        set_property(GLOBAL APPEND PROPERTY ENTREPOT_TEST_SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/${source})
    endforeach()
endfunction()

# entrepot_channel(name …): a marketplace's words ⇄ ours; same arguments and shape as a module.
function(entrepot_channel name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK;TESTS" ${ARGN})
    entrepot_library(channel_${name} PCH pch.hpp SOURCES ${ARG_SOURCES} LINK entrepot_platform ${ARG_LINK})
    set_property(GLOBAL APPEND PROPERTY ENTREPOT_MODULES channel_${name})
    entrepot_schema_dir()
    entrepot_tests(SOURCES ${ARG_TESTS})
endfunction()

# Registers schema/ of the present folder, where there is one.
function(entrepot_schema_dir)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/schema)
        set_property(GLOBAL APPEND PROPERTY ENTREPOT_SCHEMA_DIRS ${CMAKE_CURRENT_SOURCE_DIR}/schema)
    endif()
endfunction()
