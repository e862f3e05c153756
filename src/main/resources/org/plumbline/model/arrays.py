# What DJL cannot do with arrays.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Zeros [N] in bfloat16, N in size [1], where size is.
  def zeros(self: __torch__.Kernels, size: Tensor) -> List[Tensor]:
    return [torch.zeros([int(size[0])], dtype=15, device=size.device)]

  # PyTorch's number for the type of x.
  def type(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.tensor(ops.prim.dtype(x))

  # Gives one array the numbers of another, wherever both are.
  def copy(self: __torch__.Kernels, to: Tensor, x: Tensor) -> Tensor:
    return torch.copy_(to, x)
