  # ---- Generation.

  # Attention of new tokens over a cache of keys and values, theirs included, as far as mask [B, 1, T, S] allows.
  def cached_attention(self: __torch__.Kernels, h: Tensor, w: List[Tensor], B: int, rotary: List[Tensor], keys: Tensor, values: Tensor, start: int, mask: Tensor) -> Tensor:
    q, k, v = (self).heads(h, w[4], w[5], B, rotary)
    T = torch.size(q, 2)
    k = torch.copy_(torch.narrow(keys, 2, start, T), k)
    v = torch.copy_(torch.narrow(values, 2, start, T), v)
    k = torch.narrow(keys, 2, 0, start + T)
    v = torch.narrow(values, 2, 0, start + T)
    if torch.ne(${kv_heads}, ${heads}):
      k = torch.repeat_interleave(k, torch.floordiv(${heads}, ${kv_heads}), 1)
      v = torch.repeat_interleave(v, torch.floordiv(${heads}, ${kv_heads}), 1)
    a = torch.scaled_dot_product_attention(q, k, v, mask, 0.0, False)
    return torch.reshape(torch.transpose(a, 1, 2), [-1, ${heads} * ${head_dim}])

  # Final hidden states [B, C] of the last of new tokens [B, T].
  def decode(self: __torch__.Kernels, w: List[Tensor], ids: Tensor, positions: Tensor, cache: List[Tensor], start: int, mask: Tensor) -> Tensor:
    B = torch.size(ids, 0)
    rotary = (self).rotary(positions)
    x = (self).embed(w, ids, positions)
    for number in range(${layers}):
      l = (self).layer(w, number)
      h = (self).linear((self).norm(x, l[0], l[1]), l[2], l[3])
      a = (self).cached_attention(h, l, B, rotary, cache[2 * number], cache[2 * number + 1], start, mask)
      x = torch.add(x, (self).linear(a, l[6], l[7]))
      g = (self).activate((self).linear((self).norm(x, l[8], l[9]), l[10], l[11]))
      x = torch.add(x, (self).linear(g, l[12], l[13]))
    last = torch.squeeze(torch.slice(torch.view(x, [B, -1, ${hidden}]), 1, -1), 1)
    return (self).norm(last, w[-5], w[-4])

  # Continues left-padded prompts ids [B, P], with pads [B] unused places in front, by one token for
  # each column of uniforms [B, N]: inverse CDF at temperature > 0, the most probable token at 0.
  # Returns [B, N]; after a row's first stop token, -1.
  def generate(self: __torch__.Kernels, flat: Tensor, ids: Tensor, pads: Tensor, uniforms: Tensor, stops: Tensor, temperature: Tensor) -> Tensor:
    w = (self).weights(flat)
    B = torch.size(ids, 0)
    P = torch.size(ids, 1)
    N = torch.size(uniforms, 1)
    cache = annotate(List[Tensor], [])
    for i in range(2 * ${layers}):
      cache = torch.append(cache, torch.zeros([B, ${kv_heads}, P + N, ${head_dim}], dtype=${compute}, device=ids.device))
    out = torch.full([B, N], -1, dtype=4, device=ids.device)
    done = torch.zeros([B, 1], dtype=11, device=ids.device)
    first = torch.unsqueeze(pads, 1)
    cur = ids
    start = 0
    step = 0
    going = True
    while going:
      T = torch.size(cur, 1)
      rows = torch.arange(start, start + T, dtype=4, device=ids.device)
      keys = torch.unsqueeze(torch.arange(start + T, dtype=4, device=ids.device), 0)
      # a row whose context has ended goes on, unread, beside rows that began later
      positions = torch.clamp(torch.sub(torch.unsqueeze(rows, 0), first), 0, ${context} - 1)
      before = torch.le(keys, torch.unsqueeze(rows, 1))
      same = torch.eq(keys, torch.unsqueeze(rows, 1))
      real = torch.ge(keys, first)
      # a padding token sees itself, or its softmax would be over nothing
      mask = torch.logical_or(torch.logical_and(torch.unsqueeze(before, 0), torch.unsqueeze(real, 1)), torch.unsqueeze(same, 0))
      x = (self).decode(w, cur, positions, cache, start, torch.unsqueeze(mask, 1))
      logits = (self).logits(w, x)
      if torch.eq(float(temperature), 0.0):
        nxt = torch.argmax(logits, 1, True)
      else:
        cdf = torch.cumsum(torch.softmax(torch.div(logits, float(temperature)), -1), -1)
        # rounding leaves the last entry beside 1; scaled by it, no draw lies beyond
        drawn = torch.mul(torch.narrow(uniforms, 1, step, 1), torch.slice(cdf, 1, -1))
        nxt = torch.sum(torch.le(cdf, drawn), [1], True)
      torch.copy_(torch.narrow(out, 1, step, 1), torch.masked_fill(nxt, done, -1))
      done = torch.logical_or(done, torch.isin(nxt, stops))
      cur = nxt
      start = start + T
      step = step + 1
      going = torch.lt(step, N)
      if bool(torch.all(done)):
        going = False
    return out

