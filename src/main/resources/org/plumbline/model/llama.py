
  # Rotary embedding in halves (Su et al. 2021, arXiv:2104.09864, as laid out by Hugging Face).
  def rotate(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = torch.chunk(x, 2, -1)
    return torch.add(torch.mul(x, cos), torch.mul(torch.cat([torch.neg(b), a], -1), sin))

  def block(self: __torch__.Kernels, x: Tensor, w: List[Tensor], layer: int, cos: Tensor, sin: Tensor, cache: List[Tensor], start: int, mask: Optional[Tensor]) -> Tensor:
    o = 1 + 6 * layer
    B = torch.size(x, 0)
    T = torch.size(x, 1)
    y = torch.rms_norm(x, [${hidden}], w[o], ${eps})
    qkv = torch.linear(y, torch.view(w[o + 1], [-1, ${hidden}]))
    heads = torch.transpose(torch.view(qkv, [B, T, ${heads} + 2 * ${kv_heads}, ${head_dim}]), 1, 2)
    q, k, v = torch.split_with_sizes(heads, [${heads}, ${kv_heads}, ${kv_heads}], 1)
    a = (self).attend((self).rotate(q, cos, sin), (self).rotate(k, cos, sin), v, cache, layer, start, mask)
    x = torch.add(x, torch.linear(a, torch.view(w[o + 2], [${hidden}, -1])))
    y = torch.rms_norm(x, [${hidden}], w[o + 3], ${eps})
    gate, up = torch.chunk(torch.linear(y, torch.view(w[o + 4], [-1, ${hidden}])), 2, -1)
    return torch.add(x, torch.linear(torch.mul(torch.silu(gate), up), torch.view(w[o + 5], [${hidden}, -1])))

  def trunk(self: __torch__.Kernels, w: List[Tensor], ids: Tensor, positions: Tensor, cache: List[Tensor], start: int, mask: Optional[Tensor]) -> Tensor:
    x = torch.embedding(torch.view(w[0], [-1, ${hidden}]), ids)
    inverse = torch.pow(${rope_theta}, torch.div(torch.arange(0, ${head_dim}, 2, dtype=6, device=ids.device), -${head_dim}.0))
    angles = torch.mul(torch.unsqueeze(torch.to(positions, 6), 2), inverse)
    angles = torch.unsqueeze(torch.cat([angles, angles], 2), 1)
    cos = torch.cos(angles)
    sin = torch.sin(angles)
    for layer in range(${layers}):
      x = (self).block(x, w, layer, cos, sin, cache, start, mask)
    return torch.rms_norm(x, [${hidden}], w[1 + 6 * ${layers}], ${eps})

  def logits(self: __torch__.Kernels, w: List[Tensor], x: Tensor) -> Tensor:
    return torch.linear(x, torch.view(w[${lm_head}], [-1, ${hidden}]))
