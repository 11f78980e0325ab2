// SPDX-License-Identifier: GPL-3.0-or-later
// Does nothing but load LibTorch: what `tieout compare` is measured against.
#include <ATen/Parallel.h>

int main()
{
    return at::get_num_threads() > 0 ? 0 : 1;
}
