"""How a declared network is carried out: the same function in the kernels that suit a machine."""
