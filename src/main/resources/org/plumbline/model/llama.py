  def matrix(self: __torch__.Kernels, weight: Tensor, inputs: int) -> Tensor:
    return torch.view(weight, [-1, inputs])

  def norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return (self).cast(torch.rms_norm(x, [${hidden}], (self).rounded(weight), ${eps}))

  def activate(self: __torch__.Kernels, h: Tensor) -> Tensor:
    gate, up = torch.chunk(h, 2, -1)
    return torch.mul(torch.silu(gate), up)

  # Cosines and sines [1 or B, 1, T, D] of the angles that queries and keys are turned by.
  def rotary(self: __torch__.Kernels, positions: Tensor) -> List[Tensor]:
    frequencies = torch.tensor([${rope_frequencies}], dtype=6, device=positions.device)
    angles = torch.mul(torch.unsqueeze(torch.to(positions, 6), 2), frequencies)
    angles = torch.unsqueeze(torch.cat([angles, angles], 2), 1)
    return [torch.cos(angles), torch.sin(angles)]

  def embed(self: __torch__.Kernels, w: List[Tensor], ids: Tensor, positions: Tensor) -> Tensor:
    return torch.view((self).rounded(torch.embedding(torch.view(w[0], [-1, ${hidden}]), ids)), [-1, ${hidden}])

  def embed_backward(self: __torch__.Kernels, dx: Tensor, ids: Tensor, g: List[Tensor]) -> Tensor:
    return (self).add_rows(g[0], ids, dx)
