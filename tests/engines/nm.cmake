# SPDX-License-Identifier: GPL-3.0-or-later
# The engine library may export its own functions only: an exported symbol of Eigen would be shared with, or replaced by, another build's.
execute_process(COMMAND ${NM} -DC --defined-only ${LIBRARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT symbols MATCHES "core::engines::kernels::convolution")
  message(FATAL_ERROR "${LIBRARY}: convolution is not exported\n${symbols}")
endif()
string(REGEX REPLACE "\n$" "" symbols "${symbols}")
string(REPLACE "\n" ";" symbols "${symbols}")
foreach(symbol IN LISTS symbols)
  if(NOT symbol MATCHES " core::engines::kernels::" OR symbol MATCHES "Eigen|std::")
    message(FATAL_ERROR "${LIBRARY} exports ${symbol}")
  endif()
endforeach()
