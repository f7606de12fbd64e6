# Flags that every target of ours is built with. Warnings are errors.
add_library(entrepot_flags INTERFACE)
target_compile_options(entrepot_flags INTERFACE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
    -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough -Wold-style-cast)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(entrepot_flags INTERFACE -Wno-gnu-zero-variadic-macro-arguments
        -Wno-missing-field-initializers -Wno-unused-private-field)
else()
    # g++ 12 takes the pair of new and delete that Asio's coroutine frames have for a mismatch (GCC bug 109224).
    target_compile_options(entrepot_flags INTERFACE -Wno-missing-field-initializers -Wno-null-dereference
        -Wno-mismatched-new-delete)
endif()
target_compile_definitions(entrepot_flags INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_BEAST_USE_STD_STRING_VIEW
    BOOST_ASIO_NO_DEPRECATED)
target_include_directories(entrepot_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(entrepot_flags INTERFACE Boost::headers Boost::json Threads::Threads)

option(ENTREPOT_SANITIZE "Sanitizers to build with, e.g. address,undefined" "")
if(ENTREPOT_SANITIZE)
    target_compile_options(entrepot_flags INTERFACE -fsanitize=${ENTREPOT_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(entrepot_flags INTERFACE -fsanitize=${ENTREPOT_SANITIZE})
    # Recycled coroutine frames would hide use-after-free from the sanitizer.
    target_compile_definitions(entrepot_flags INTERFACE BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
endif()
