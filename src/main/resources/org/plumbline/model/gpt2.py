
  # Weights of GPT-2's linear layers are stored [in, out].
  def affine(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.add(torch.matmul(x, torch.view(weight, [torch.size(x, -1), -1])), bias)

  def block(self: __torch__.Kernels, x: Tensor, w: List[Tensor], layer: int, cache: List[Tensor], start: int, mask: Optional[Tensor]) -> Tensor:
    o = 2 + 12 * layer
    B = torch.size(x, 0)
    T = torch.size(x, 1)
    y = torch.layer_norm(x, [${hidden}], w[o], w[o + 1], ${eps}, True)
    qkv = torch.transpose(torch.view((self).affine(y, w[o + 2], w[o + 3]), [B, T, 3 * ${heads}, ${head_dim}]), 1, 2)
    q, k, v = torch.chunk(qkv, 3, 1)
    a = (self).attend(q, k, v, cache, layer, start, mask)
    x = torch.add(x, (self).affine(a, w[o + 4], w[o + 5]))
    y = torch.layer_norm(x, [${hidden}], w[o + 6], w[o + 7], ${eps}, True)
    y = torch.gelu((self).affine(y, w[o + 8], w[o + 9]), approximate="tanh")
    return torch.add(x, (self).affine(y, w[o + 10], w[o + 11]))

  def trunk(self: __torch__.Kernels, w: List[Tensor], ids: Tensor, positions: Tensor, cache: List[Tensor], start: int, mask: Optional[Tensor]) -> Tensor:
    tokens = torch.embedding(torch.view(w[0], [-1, ${hidden}]), ids)
    x = torch.add(tokens, torch.embedding(torch.view(w[1], [-1, ${hidden}]), positions))
    for layer in range(${layers}):
      x = (self).block(x, w, layer, cache, start, mask)
    o = 2 + 12 * ${layers}
    return torch.layer_norm(x, [${hidden}], w[o], w[o + 1], ${eps}, True)

  def logits(self: __torch__.Kernels, w: List[Tensor], x: Tensor) -> Tensor:
    return torch.linear(x, torch.view(w[${lm_head}], [-1, ${hidden}]))
