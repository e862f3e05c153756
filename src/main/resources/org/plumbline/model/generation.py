  # ---- Generation. Each prompt has a slot, where the keys and values of its tokens are kept. The B rows
  # that are being continued lie in the first B of S slots, each at its own length of at most N tokens.
  # slots: ids [S, N] of prompt and completion, then keys and values [S N, KV, D] of each layer.

  # The blocks of weights as generation takes them: matrices in two dimensions, in the type that
  # products are taken in, what adapters add to them included, laid out for oneDNN if wanted, and the
  # unembedding always in its own place.
  def prepare(self: __torch__.Kernels, flat: Tensor, adapters: Tensor, pack: Tensor) -> List[Tensor]:
    w = (self).adapted(flat, adapters)
    p = torch.slice(w, 0, 2)
    for number in range(${layers}):
      l = (self).layer(w, number)
      q = (self).prepared(l, 0, ${hidden}, bool(pack))
      o = (self).prepared(l, 1, ${heads} * ${head_dim}, bool(pack))
      up = (self).prepared(l, 2, ${hidden}, bool(pack))
      down = (self).prepared(l, 3, torch.floordiv(torch.numel(l[12]), ${hidden}), bool(pack))
      p = torch.add(p, [l[0], l[1], q, (self).cast(l[3]), l[4], l[5], o, (self).cast(l[7])])
      p = torch.add(p, [l[8], l[9], up, (self).cast(l[11]), down, (self).cast(l[13])])
      p = torch.add(p, torch.slice(l, 14))
    words = (self).packed((self).unembedding(w), bool(pack))
    return torch.add(p, [w[-5], w[-4], words, w[-2], w[-1]])

  def prepared(self: __torch__.Kernels, l: List[Tensor], number: int, inputs: int, pack: bool) -> Tensor:
    weight = (self).matrix(l[(self).place(number)], inputs)
    if torch.gt(torch.numel(l[14 + number]), 0):
      weight = (self).merge_matrix(torch.clone(weight), l[14 + number], number)
    return (self).packed((self).cast(weight), pack)

  # The number of rows that oneDNN is told to pack for makes no difference.
  def packed(self: __torch__.Kernels, w: Tensor, pack: bool) -> Tensor:
    if torch.__and__(pack, torch.gt(torch.numel(w), ${small_matrix})):
      w = ops.mkldnn._reorder_linear_weight(torch.contiguous(w), 32)
    return w

  # Ids, keys and values for rows of so many tokens.
  def slots(self: __torch__.Kernels, p: List[Tensor], size: Tensor) -> List[Tensor]:
    S = int(size[0])
    N = int(size[1])
    slots = [torch.zeros([S, N], dtype=4, device=p[0].device)]
    for i in range(2 * ${layers}):
      kept = torch.zeros([S * N, ${kv_heads}, ${head_dim}], dtype=${compute}, device=p[0].device)
      slots = torch.append(slots, kept)
    return slots

  # x [M, K] times the transpose of a prepared w [N, K], plus a bias [N] or nothing.
  def project(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Tensor) -> Tensor:
    b = annotate(Optional[Tensor], None)
    if torch.gt(torch.numel(bias), 0):
      b = bias
    onednn = torch.__and__(torch.gt(torch.numel(w), ${small_matrix}), torch.eq(ops.prim.dtype(x), 6))
    if ops.prim.is_cuda(x):
      onednn = False
    if torch.__or__(onednn, ops.prim.is_mkldnn(w)):
      y = ops.mkldnn._linear_pointwise(x, w, b, "none", annotate(List[Optional[number]], []), "")
    else:
      y = torch.linear(x, w, b)
    return y

  # Keeps keys or values [B, KV, T, D] in rows [B T] of all slots' rows [S N, KV, D].
  def keep(self: __torch__.Kernels, kept: Tensor, rows: Tensor, new: Tensor) -> Tensor:
    return torch.index_copy_(kept, 0, rows, torch.reshape(torch.transpose(new, 1, 2), [-1, ${kv_heads}, ${head_dim}]))

  # What follows attention a [M, H D] in a layer with weights l.
  def after_attention(self: __torch__.Kernels, x: Tensor, a: Tensor, l: List[Tensor]) -> Tensor:
    x = torch.add(x, (self).project(a, l[6], l[7]))
    g = (self).activate((self).project((self).norm(x, l[8], l[9]), l[10], l[11]))
    return torch.add(x, (self).project(g, l[12], l[13]))

  # Puts prompts ids [n, P], right-padded, into places [n] of the slots. Keys and values of a prompt's
  # last token are for the first step of decoding, which begins with it.
  def fill(self: __torch__.Kernels, p: List[Tensor], slots: List[Tensor], ids: Tensor, places: Tensor) -> Tensor:
    N = torch.size(slots[0], 1)
    s = torch.index_copy_(torch.narrow(slots[0], 1, 0, torch.size(ids, 1)), 0, places, ids)
    if torch.eq(torch.size(ids, 1), 1):
      return s
    ids = torch.slice(ids, 1, 0, -1)
    B = torch.size(ids, 0)
    positions = (self).positions(ids)
    rows = torch.flatten(torch.add(torch.unsqueeze(torch.mul(places, N), 1), positions))
    rotary = (self).rotary(positions)
    x = (self).embed(p, ids, positions)
    for number in range(${layers}):
      l = (self).layer(p, number)
      h = (self).project((self).norm(x, l[0], l[1]), l[2], l[3])
      q, k, v = (self).heads(h, l[4], l[5], B, rotary)
      s = (self).keep(slots[1 + 2 * number], rows, k)
      s = (self).keep(slots[2 + 2 * number], rows, v)
      if torch.lt(number, ${layers} - 1):
        x = (self).after_attention(x, (self).attend(q, k, v, annotate(Optional[Tensor], None), True), l)
    return s

  # Moves the first tokens of the row in one slot to another: numbers from, to and how many.
  def move(self: __torch__.Kernels, slots: List[Tensor], numbers: Tensor) -> Tensor:
    N = torch.size(slots[0], 1)
    source = int(numbers[0])
    target = int(numbers[1])
    s = torch.copy_(torch.select(slots[0], 0, target), torch.select(slots[0], 0, source))
    for i in range(2 * ${layers}):
      kept = slots[1 + i]
      rows = torch.narrow(kept, 0, source * N, int(numbers[2]))
      s = torch.copy_(torch.narrow(kept, 0, target * N, int(numbers[2])), rows)
    return s

  # Attention [B T, H D] of queries [B, H, T, D]. Of one token a row, those of a group of heads lie as
  # rows beside each other, so that no key is copied for each of them.
  def attend(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], causal: bool) -> Tensor:
    T = torch.size(q, 2)
    if torch.ne(${kv_heads}, ${heads}):
      if torch.eq(T, 1):
        q = torch.reshape(q, [-1, ${kv_heads}, torch.floordiv(${heads}, ${kv_heads}), ${head_dim}])
      else:
        k = torch.repeat_interleave(k, torch.floordiv(${heads}, ${kv_heads}), 1)
        v = torch.repeat_interleave(v, torch.floordiv(${heads}, ${kv_heads}), 1)
    causal = torch.__and__(causal, torch.gt(T, 1))
    a = torch.scaled_dot_product_attention(q, k, v, mask, 0.0, causal)
    if torch.gt(T, 1):
      a = torch.transpose(a, 1, 2)
    return torch.reshape(a, [-1, ${heads} * ${head_dim}])

  # The first B rows' keys or values [B, KV, T, D] of all slots' rows.
  def kept(self: __torch__.Kernels, kept: Tensor, slots: int, B: int, T: int) -> Tensor:
    rows = torch.view(kept, [slots, -1, ${kv_heads}, ${head_dim}])
    return torch.transpose(torch.narrow(torch.narrow(rows, 0, 0, B), 1, 0, T), 1, 2)

  # Final hidden states [B, C] of the tokens at [B, 1] of the first B slots; T is the longest row.
  def advance(self: __torch__.Kernels, p: List[Tensor], slots: List[Tensor], at: Tensor, T: int, level: bool) -> Tensor:
    B = torch.size(at, 0)
    S = torch.size(slots[0], 0)
    N = torch.size(slots[0], 1)
    ids = torch.gather(torch.narrow(slots[0], 0, 0, B), 1, at)
    rows = torch.add(torch.squeeze(at, 1), torch.arange(0, B * N, N, dtype=4, device=at.device))
    mask = annotate(Optional[Tensor], None)
    if torch.__not__(level):
      unseen = torch.gt(torch.arange(T, dtype=4, device=at.device), at)
      zeros = torch.zeros([B, T], dtype=${compute}, device=at.device)
      mask = torch.view(torch.masked_fill(zeros, unseen, -float("inf")), [B, 1, 1, T])
    rotary = (self).rotary(at)
    x = (self).embed(p, ids, at)
    for number in range(${layers}):
      l = (self).layer(p, number)
      h = (self).project((self).norm(x, l[0], l[1]), l[2], l[3])
      q, k, v = (self).heads(h, l[4], l[5], B, rotary)
      s = (self).keep(slots[1 + 2 * number], rows, k)
      s = (self).keep(slots[2 + 2 * number], rows, v)
      k = (self).kept(slots[1 + 2 * number], S, B, T)
      v = (self).kept(slots[2 + 2 * number], S, B, T)
      x = (self).after_attention(x, (self).attend(q, k, v, mask, False), l)
    return (self).norm(x, p[-5], p[-4])

  # Continues the rows in the first B slots by one token for each column of uniforms [B, n], or until one
  # of them ends: it drew a stop or reached ends [B] tokens. lengths [B] are tokens so far; a stop is not
  # drawn before a row has minimum [B]. Returns tokens, their log-probabilities under the policy and
  # under what they were drawn from, each [B, at most n].
  def continue_rows(self: __torch__.Kernels, p: List[Tensor], slots: List[Tensor], lengths: Tensor, minimum: Tensor, ends: Tensor, uniforms: Tensor, stops: Tensor, sampling: Tensor) -> List[Tensor]:
    B = torch.size(uniforms, 0)
    n = torch.size(uniforms, 1)
    ids = torch.narrow(slots[0], 0, 0, B)
    settings = [float(sampling[0]), float(sampling[1]), float(sampling[2]), float(sampling[3]), float(sampling[4])]
    T = int(torch.max(lengths))
    level = torch.eq(int(torch.min(lengths)), T)
    tokens = annotate(List[Tensor], [])
    policy = annotate(List[Tensor], [])
    drawn = annotate(List[Tensor], [])
    never = stops
    if torch.__not__(bool(torch.any(torch.lt(lengths, minimum)))):
      never = torch.slice(stops, 0, 0, 0)
    at = torch.unsqueeze(lengths, 1)
    ends = torch.unsqueeze(ends, 1)
    step = 0
    going = True
    while going:
      x = (self).advance(p, slots, torch.sub(at, 1), T + step, level)
      muted = torch.lt(at, torch.unsqueeze(minimum, 1))
      seen = torch.narrow(ids, 1, 0, T + step)
      next, logp, logq = (self).draw(p, x, torch.narrow(uniforms, 1, step, 1), seen, at, muted, never, settings)
      s = torch.scatter_(ids, 1, at, next)
      tokens = torch.append(tokens, next)
      policy = torch.append(policy, logp)
      drawn = torch.append(drawn, logq)
      at = torch.add(at, 1)
      ended = torch.logical_or(torch.eq(at, ends), torch.isin(next, stops))
      step = step + 1
      going = torch.lt(step, n)
      if bool(torch.any(ended)):
        going = False
    return [torch.cat(tokens, 1), torch.cat(policy, 1), torch.cat(drawn, 1)]

  # Draws a token a row, each [B, 1]: it, its log-probability under the policy and under what it was drawn
  # from. settings: temperature, k of top-k, p of top-p, min-p, repetition penalty.
  def draw(self: __torch__.Kernels, p: List[Tensor], x: Tensor, uniforms: Tensor, seen: Tensor, at: Tensor, muted: Tensor, never: Tensor, settings: List[float]) -> List[Tensor]:
    greedy = torch.eq(settings[0], 0.0)
    scaled = x
    if torch.__not__(greedy):
      scaled = torch.div(x, settings[0])
    none = torch.empty([0], dtype=${compute}, device=x.device)
    z = torch.to((self).project((self).cast(scaled), p[-3], none), 6)
    f = z
    changed = False
    if torch.ne(settings[4], 1.0):
      f = (self).penalised(f, seen, at, settings[4])
      changed = True
    if torch.gt(torch.numel(never), 0):
      f = (self).without(f, never, muted)
      changed = True
    if torch.__or__(torch.lt(settings[2], 1.0), torch.__or__(torch.gt(settings[1], 0.0), torch.gt(settings[3], 0.0))):
      changed = True
    if greedy:
      next = torch.argmax(f, 1, True)
      logq = torch.zeros_like(next, dtype=6)
      logp = torch.sub(torch.gather(z, 1, next), torch.logsumexp(z, [1], True))
    else:
      if changed:
        next, logq = (self).draw_filtered(f, uniforms, settings)
        logp = torch.sub(torch.gather(z, 1, next), torch.logsumexp(z, [1], True))
      else:
        next, logq = (self).draw_from(z, uniforms)
        logp = logq
    return [next, logp, logq]

  # Inverse CDF: the first word whose cumulative probability exceeds a uniform [B, 1], and the logarithm of
  # its probability.
  def draw_from(self: __torch__.Kernels, z: Tensor, uniforms: Tensor) -> List[Tensor]:
    p = torch.softmax(z, -1)
    cdf = torch.cumsum(p, -1)
    # rounding leaves the last entry beside 1; scaled by it, no draw lies beyond
    u = torch.mul(uniforms, torch.slice(cdf, 1, -1))
    next = torch.searchsorted(cdf, u, right=True)
    return [next, torch.log(torch.gather(p, 1, next))]

  # The same after top-k, top-p and min-p, in this order. Words are drawn in the order of their ids.
  def draw_filtered(self: __torch__.Kernels, z: Tensor, uniforms: Tensor, settings: List[float]) -> List[Tensor]:
    k = int(settings[1])
    V = torch.size(z, 1)
    if torch.__and__(torch.eq(k, 0), torch.eq(settings[2], 1.0)):
      least = torch.add(torch.amax(z, [1], True), torch.log(settings[3]))
      return (self).draw_from(torch.masked_fill(z, torch.lt(z, least), -float("inf")), uniforms)
    if torch.gt(k, 0):
      best, ids = (self).greatest(z, ops.prim.min(k, V))
      p = torch.softmax(best, -1)
    else:
      best, ids = (self).greatest(z, ops.prim.min(${nucleus}, V))
      lse = torch.logsumexp(z, [1], True)
      p = torch.exp(torch.sub(best, lse))
      if bool(torch.any(torch.lt(torch.sum(p, [1]), settings[2]))):
        best, ids = torch.sort(z, 1, True)
        p = torch.exp(torch.sub(best, lse))
    # a word stays if those before it have less than top-p
    out = torch.ge(torch.sub(torch.cumsum(p, 1), p), settings[2])
    if torch.gt(settings[3], 0.0):
      least = torch.add(torch.slice(best, 1, 0, 1), torch.log(settings[3]))
      out = torch.logical_or(out, torch.lt(best, least))
    ids, order = torch.sort(ids, 1)
    best = torch.gather(torch.masked_fill(best, out, -float("inf")), 1, order)
    place, logq = (self).draw_from(best, uniforms)
    return [torch.gather(ids, 1, place), logq]

  # The k greatest of z [B, V], falling, and where they are. They lie in the k strips of z whose greatest
  # are greatest, and few words are left to compare.
  def greatest(self: __torch__.Kernels, z: Tensor, k: int) -> List[Tensor]:
    strips = torch.floordiv(torch.size(z, 1), 64)
    if torch.lt(strips, 2 * k):
      best, ids = torch.topk(z, k, 1)
      return [best, ids]
    body = torch.view(torch.narrow(z, 1, 0, 64 * strips), [torch.size(z, 0), strips, 64])
    tops, strip = torch.topk(torch.amax(body, [2]), k, 1, True, False)
    within = torch.arange(64, dtype=4, device=z.device)
    ids = torch.flatten(torch.add(torch.mul(torch.unsqueeze(strip, 2), 64), within), 1)
    rest = torch.arange(64 * strips, torch.size(z, 1), dtype=4, device=z.device)
    ids = torch.cat([ids, torch.expand(rest, [torch.size(z, 0), -1])], 1)
    best, order = torch.topk(torch.gather(z, 1, ids), k, 1)
    return [best, torch.gather(ids, 1, order)]

  # Logits [B, V] with a penalty on words among the first at [B, 1] of seen [B, T].
  def penalised(self: __torch__.Kernels, z: Tensor, seen: Tensor, at: Tensor, penalty: float) -> Tensor:
    beyond = torch.ge(torch.arange(torch.size(seen, 1), dtype=4, device=z.device), at)
    seen = torch.where(beyond, torch.slice(seen, 1, 0, 1), seen)
    old = torch.gather(z, 1, seen)
    new = torch.where(torch.gt(old, 0.0), torch.div(old, penalty), torch.mul(old, penalty))
    return torch.scatter(z, 1, seen, new)

  # Logits [B, V] of which some words [n] are impossible in muted [B, 1] rows.
  def without(self: __torch__.Kernels, z: Tensor, words: Tensor, muted: Tensor) -> Tensor:
    kept = torch.masked_fill(torch.index_select(z, 1, words), muted, -float("inf"))
    return torch.index_copy(z, 1, words, kept)
