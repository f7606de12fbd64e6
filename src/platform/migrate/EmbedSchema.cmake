# entrepot_embed_schema(target [NAME function] DIRS dir …)
# Compiles the files NNNN_name.sql of the given schema folders into the target, as the function
# `std::vector<entrepot::migrate::Migration> entrepot::migrate::<function>()`, in number order.
# NAME defaults to embedded_schema. One number sequence per NAME over all calls: a number that is
# used twice, or a file that is not called NNNN_name.sql, stops the configuration.
# The module of a migration is the folder that holds its schema folder.

function(entrepot_embed_schema target)
    cmake_parse_arguments(ARG "" "NAME" "DIRS" ${ARGN})
    if(NOT ARG_NAME)
        set(ARG_NAME embedded_schema)
    endif()
    set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_schema_script.cmake)
    set(lines "")
    set(files "")
    foreach(dir ${ARG_DIRS})
        get_filename_component(dir ${dir} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
        get_filename_component(module_dir ${dir} DIRECTORY)
        get_filename_component(module ${module_dir} NAME)
        file(GLOB found CONFIGURE_DEPENDS ${dir}/*.sql)
        foreach(file ${found})
            get_filename_component(stem ${file} NAME_WE)
            if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
                message(FATAL_ERROR "${file}: a migration is called NNNN_name.sql")
            endif()
            set(number ${CMAKE_MATCH_1})
            set(name ${CMAKE_MATCH_2})
            get_property(taken GLOBAL PROPERTY ENTREPOT_MIGRATION_${ARG_NAME}_${number})
            if(taken)
                message(FATAL_ERROR "migration number ${number} is used twice:\n  ${taken}\n"
                    "  ${file}")
            endif()
            set_property(GLOBAL PROPERTY ENTREPOT_MIGRATION_${ARG_NAME}_${number} ${file})
            list(APPEND lines "${number}|${name}|${module}|${file}")
            list(APPEND files ${file})
        endforeach()
    endforeach()
    list(SORT lines)
    list(JOIN lines "\n" text)
    set(manifest ${CMAKE_CURRENT_BINARY_DIR}/${target}_${ARG_NAME}.manifest)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_${ARG_NAME}.cpp)
    file(CONFIGURE OUTPUT ${manifest} CONTENT "${text}\n" @ONLY)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DOUTPUT=${output} -DFUNCTION=${ARG_NAME}
            -P ${script}
        DEPENDS ${files} ${manifest} ${script}
        COMMENT "Embedding schema ${ARG_NAME}" VERBATIM)
    target_sources(${target} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
