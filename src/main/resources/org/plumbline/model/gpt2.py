  # Weights of GPT-2's linear layers are stored [in, out].
  def matrix(self: __torch__.Kernels, weight: Tensor, inputs: int) -> Tensor:
    return torch.t(torch.view(weight, [inputs, -1]))

  def norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return (self).cast(torch.layer_norm(x, [${hidden}], (self).rounded(weight), (self).rounded(bias), ${eps}, True))

  def activate(self: __torch__.Kernels, h: Tensor) -> Tensor:
    return torch.gelu(h, approximate="tanh")

  # Positions are in the embedding.
  def rotary(self: __torch__.Kernels, positions: Tensor) -> List[Tensor]:
    return annotate(List[Tensor], [])

  def embed(self: __torch__.Kernels, w: List[Tensor], ids: Tensor, positions: Tensor) -> Tensor:
    tokens = torch.embedding(torch.view(w[0], [-1, ${hidden}]), ids)
    places = torch.embedding(torch.view(w[1], [-1, ${hidden}]), positions)
    return torch.view(torch.add((self).rounded(tokens), (self).rounded(places)), [-1, ${hidden}])

  def embed_backward(self: __torch__.Kernels, dx: Tensor, ids: Tensor, g: List[Tensor]) -> Tensor:
    s = (self).add_rows(g[1], torch.expand_as((self).positions(ids), ids), dx)
    return (self).add_rows(g[0], ids, dx)
