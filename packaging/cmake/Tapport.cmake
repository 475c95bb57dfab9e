# SPDX-License-Identifier: GPL-3.0-or-later
# The house rules of the build: language, warnings, sanitizers, and the layers of the architecture.
#
#   tapport_library(name LAYER n SOURCES ... LINKS ...)   one folder = one static library
#   tapport_program(name LAYER n SOURCES ... LINKS ...)   an executable in build/<preset>/bin
#   tapport_test(name LABEL l SOURCES ... LINKS ...)      a GoogleTest executable, tests found by ctest
#                [TOGETHER]                               as one test: its cases share a server that starts slowly
#
# Arrows point down only: configuring stops when a target links a target of its own layer or a higher one.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(QT_QML_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/qml)

find_program(TAPPORT_CCACHE ccache)
if(TAPPORT_CCACHE)
    # The sloppiness lets ccache reuse objects that were compiled against a precompiled header; the base
    # folder lets two checkouts of the same source share them.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TAPPORT_CCACHE})
endif()

add_library(tapport_flags INTERFACE)
target_include_directories(tapport_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(tapport_flags INTERFACE -fPIC -Wall -Wextra -Werror)
target_compile_definitions(tapport_flags INTERFACE TAPPORT_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(tapport_flags INTERFACE -fpch-preprocess)
endif()
if(TAPPORT_SANITIZE)
    add_compile_options(-fsanitize=${TAPPORT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${TAPPORT_SANITIZE})
    # Tests hand this to the programs they start. Reports go to files: a program that is restarted when it
    # dies would hide its own. packaging/dev/test.sh shows them, and fails when there are any.
    set(tapport_report "log_exe_name=1:log_path=${CMAKE_BINARY_DIR}/sanitizer/report")
    if(TAPPORT_SANITIZE MATCHES thread)
        # Qt and Paho are not instrumented: their locks are invisible, so what they do inside looks like races.
        # What our own code touches stays in view.
        string(CONCAT TAPPORT_TEST_ENVIRONMENT "TSAN_OPTIONS=${tapport_report}:ignore_noninstrumented_modules=1"
            ":suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
    else()
        string(CONCAT TAPPORT_TEST_ENVIRONMENT "LSAN_OPTIONS=${tapport_report}:print_suppressions=0"
            ":suppressions=${CMAKE_SOURCE_DIR}/tests/support/lsan.supp")
    endif()
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/sanitizer)
endif()

function(tapport_check_layer name layer)
    foreach(link IN LISTS ARGN)
        if(TARGET ${link})
            get_target_property(below ${link} TAPPORT_LAYER)
            if(below AND NOT below LESS layer)
                message(FATAL_ERROR "${name} (layer ${layer}) must not link ${link} (layer ${below}): arrows point down only")
            endif()
        endif()
    endforeach()
endfunction()

function(tapport_library name)
    cmake_parse_arguments(ARG "" "LAYER" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES TAPPORT_LAYER ${ARG_LAYER})
    tapport_check_layer(${name} ${ARG_LAYER} ${ARG_LINKS})
    target_link_libraries(${name} PUBLIC tapport_flags ${ARG_LINKS})
endfunction()

function(tapport_program name)
    cmake_parse_arguments(ARG "" "LAYER" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES TAPPORT_LAYER ${ARG_LAYER})
    tapport_check_layer(${name} ${ARG_LAYER} ${ARG_LINKS})
    target_link_libraries(${name} PRIVATE tapport_flags ${ARG_LINKS})
endfunction()

# Each test executable links its own module, tests/support and nothing else: that proves the module stands alone.
function(tapport_test name)
    cmake_parse_arguments(ARG "TOGETHER" "LABEL;TIMEOUT" "SOURCES;LINKS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)  # of a busy machine, and above the patience of one wait in it
    endif()
    if(TAPPORT_FULL_LENGTH AND ARG_LABEL STREQUAL "fault")
        set(ARG_TIMEOUT 14400)  # ten thousand power cuts; ctest --timeout does not reach a test with a property
    endif()
    if(TAPPORT_SANITIZE)
        math(EXPR ARG_TIMEOUT "5 * ${ARG_TIMEOUT}")  # long loops take that much longer
    endif()
    if(TAPPORT_TEST_ENVIRONMENT)
        set(environment ENVIRONMENT ${TAPPORT_TEST_ENVIRONMENT})
    endif()
    add_executable(${name} ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    if(TAPPORT_FULL_LENGTH AND ARG_LABEL STREQUAL "fault")
        # Compiled in, so that the program and the list of its tests, which ctest keeps, agree.
        target_compile_definitions(${name} PRIVATE TAPPORT_FULL_LENGTH)
    endif()
    target_link_libraries(${name} PRIVATE tapport_flags ${ARG_LINKS} GTest::gmock GTest::gtest_main)
    target_precompile_headers(${name} REUSE_FROM tests_pch)
    set(properties PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT} ${environment})
    if(ARG_TOGETHER)
        add_test(NAME ${name} COMMAND ${name})
        set_tests_properties(${name} ${properties})
    else()
        # ctest asks each program for its tests: 5 seconds, the default, is little on a busy machine.
        gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120 ${properties})
    endif()
endfunction()
