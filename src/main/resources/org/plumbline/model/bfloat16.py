# Arrays of a type that DJL has no name for.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Zeros [N] in bfloat16, N in size [1].
  def zeros(self: __torch__.Kernels, size: Tensor) -> List[Tensor]:
    return [torch.zeros([int(size[0])], dtype=15)]
