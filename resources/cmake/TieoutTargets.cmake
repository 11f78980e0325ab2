# SPDX-License-Identifier: GPL-3.0-or-later
# Warnings, sanitizers and the one way in which a folder becomes a library or a test.
add_library(tieout-options INTERFACE)
target_compile_options(tieout-options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual $<$<BOOL:${TIEOUT_WERROR}>:-Werror>)
# GCC 12 warns of overlapping copies where a one-character literal is assigned to a string (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(tieout-options INTERFACE -Wno-restrict)
endif()
if(TIEOUT_SANITIZE)
  # With sanitizers GCC 12 takes std::variant's destructor for a use of uninitialised memory.
  target_compile_options(tieout-options INTERFACE -fsanitize=${TIEOUT_SANITIZE} -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<BOOL:${TIEOUT_FUZZ}>:-fno-sanitize-recover=undefined>)
  target_link_options(tieout-options INTERFACE -fsanitize=${TIEOUT_SANITIZE})
  target_compile_definitions(tieout-options INTERFACE TIEOUT_SANITIZED)
endif()

# tieout_library(name SOURCES a.cpp ... [ALONE b.cpp ...] LINK targets... PUBLIC_LINK targets...): a static library of one folder.
# ALONE are sources that are not joined with others in a unity build, since they call something of their own as a neighbour does.
function(tieout_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;ALONE;LINK;PUBLIC_LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES} ${arg_ALONE})
  set_property(SOURCE ${arg_ALONE} PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE tieout-options ${arg_LINK} PUBLIC ${arg_PUBLIC_LINK})
endfunction()

# tieout_left_out(text): a test that cannot stand here, and why; told when configuring and by tests/run.
function(tieout_left_out text)
  message(STATUS "Left out: ${text}")
  set_property(GLOBAL APPEND_STRING PROPERTY TIEOUT_LEFT_OUT "Left out: ${text}\n")
endfunction()

# tieout_test(name SOURCES ... LINK ... [GUI]): a Qt Test program, run by ctest; GUI tests run on the offscreen platform.
# One in which nothing but the first and the last step passed, and rows were skipped, is told as skipped.
function(tieout_test name)
  cmake_parse_arguments(arg "GUI" "" "SOURCES;LINK" ${ARGN})
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.cpp)
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE tieout-options Qt6::Test ${arg_LINK})
  target_compile_definitions(${name} PRIVATE TIEOUT_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
    TIEOUT_SAMPLES="${PROJECT_SOURCE_DIR}/resources/samples" TIEOUT_SHARED="${PROJECT_SOURCE_DIR}/../shared" QT_NO_KEYWORDS)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 SKIP_REGULAR_EXPRESSION "Totals: [0-2] passed, 0 failed, [1-9][0-9]* skipped"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;OPENBLAS_NUM_THREADS=1")
endfunction()
