  # ---- Generation. Each row has a slot, where its ids, keys and values are kept. The B rows that are
  # being continued lie in the first B of S slots, each at its own length of at most N tokens.
  # slots: ids [S, N] of prompt and completion, then keys and values [S KV, N, D] of each layer.

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
      p = torch.add(p, [(self).cast(l[0]), (self).cast(l[1]), q, (self).cast(l[3]), l[4], l[5]])
      p = torch.add(p, [o, (self).cast(l[7]), (self).cast(l[8]), (self).cast(l[9])])
      p = torch.add(p, [up, (self).cast(l[11]), down, (self).cast(l[13])])
      p = torch.add(p, torch.slice(l, 14))
    words = (self).packed((self).unembedding(w), bool(pack))
    return torch.add(p, [(self).cast(w[-5]), (self).cast(w[-4]), words, w[-2], w[-1]])

  def prepared(self: __torch__.Kernels, l: List[Tensor], number: int, inputs: int, pack: bool) -> Tensor:
    weight = (self).matrix(l[(self).place(number)], inputs)
    if torch.gt(torch.numel(l[14 + number]), 0):
      weight = (self).merge_matrix(torch.to(weight, 6, False, True), l[14 + number], number)
    return (self).packed((self).cast(weight), pack)

  # The number of rows that oneDNN is told to pack for makes no difference.
  def packed(self: __torch__.Kernels, w: Tensor, pack: bool) -> Tensor:
    if torch.__and__(pack, torch.gt(torch.numel(w), ${small_matrix})):
      w = ops.mkldnn._reorder_linear_weight(torch.contiguous(w), 32)
    return w

  # Slots for S rows of N tokens, and a place for logits [S, W]: V of the words and, up to a whole number
  # of strips of 64, impossible ones.
  def slots(self: __torch__.Kernels, p: List[Tensor], size: Tensor) -> List[Tensor]:
    S = int(size[0])
    N = int(size[1])
    W = torch.floordiv(${vocabulary} + 63, 64) * 64
    slots = [torch.zeros([S, W], dtype=6, device=p[0].device), torch.zeros([S, N], dtype=4, device=p[0].device)]
    for i in range(2 * ${layers}):
      kept = torch.zeros([S * ${kv_heads}, N, ${head_dim}], dtype=${compute}, device=p[0].device)
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

  # What follows attention a [M, H D] in a layer with weights l.
  def after_attention(self: __torch__.Kernels, x: Tensor, a: Tensor, l: List[Tensor]) -> Tensor:
    x = torch.add(x, (self).project(a, l[6], l[7]))
    g = (self).activate((self).project((self).norm(x, l[8], l[9]), l[10], l[11]))
    return torch.add(x, (self).project(g, l[12], l[13]))

  # Puts prompts ids [n, P], right-padded, into the slots from place on. Keys and values of a prompt's
  # last token are left to the first step of decoding, which begins with it.
  def fill(self: __torch__.Kernels, p: List[Tensor], slots: List[Tensor], ids: Tensor, place: Tensor) -> Tensor:
    n = torch.size(ids, 0)
    first = int(place[0])
    s = torch.copy_(torch.narrow(torch.narrow(slots[1], 0, first, n), 1, 0, torch.size(ids, 1)), ids)
    T = torch.size(ids, 1) - 1
    if torch.eq(T, 0):
      return s
    ids = torch.slice(ids, 1, 0, T)
    positions = (self).positions(ids)
    rotary = (self).rotary(positions)
    x = (self).embed(p, ids, positions)
    for number in range(${layers}):
      l = (self).layer(p, number)
      h = (self).project((self).norm(x, l[0], l[1]), l[2], l[3])
      q, k, v = (self).heads(h, l[4], l[5], n, rotary)
      shape = [n * ${kv_heads}, T, ${head_dim}]
      kept = torch.narrow(slots[2 + 2 * number], 0, first * ${kv_heads}, n * ${kv_heads})
      s = torch.copy_(torch.narrow(kept, 1, 0, T), torch.reshape(k, shape))
      kept = torch.narrow(slots[3 + 2 * number], 0, first * ${kv_heads}, n * ${kv_heads})
      s = torch.copy_(torch.narrow(kept, 1, 0, T), torch.reshape(v, shape))
      if torch.lt(number, ${layers} - 1):
        if torch.ne(${kv_heads}, ${heads}):
          k = torch.repeat_interleave(k, torch.floordiv(${heads}, ${kv_heads}), 1)
          v = torch.repeat_interleave(v, torch.floordiv(${heads}, ${kv_heads}), 1)
        a = torch.scaled_dot_product_attention(q, k, v, None, 0.0, True)
        x = (self).after_attention(x, torch.reshape(torch.transpose(a, 1, 2), [-1, ${heads} * ${head_dim}]), l)
    return s

  # Copies the row in one slot to another: numbers from, to and tokens.
  def move(self: __torch__.Kernels, slots: List[Tensor], numbers: Tensor) -> Tensor:
    source = int(numbers[0])
    target = int(numbers[1])
    s = torch.copy_(torch.select(slots[1], 0, target), torch.select(slots[1], 0, source))
    for i in range(2 * ${layers}):
      kept = torch.narrow(slots[2 + i], 1, 0, int(numbers[2]))
      row = torch.narrow(kept, 0, source * ${kv_heads}, ${kv_heads})
      s = torch.copy_(torch.narrow(kept, 0, target * ${kv_heads}, ${kv_heads}), row)
    return s

  # Attention [B, H D] of one token a row, whose queries are [B, H, 1, D], over the first T of the keys and
  # values kept. Heads that share keys are rows of one product, so that no key is copied for them.
  # mask [B KV or 1, 1, T] is added, if it counts.
  def cached_attention(self: __torch__.Kernels, q: Tensor, keys: Tensor, values: Tensor, mask: Tensor, counts: int, T: int) -> Tensor:
    rows = torch.size(q, 0) * ${kv_heads}
    q = torch.reshape(q, [rows, torch.floordiv(${heads}, ${kv_heads}), ${head_dim}])
    k = torch.narrow(torch.narrow(keys, 0, 0, rows), 1, 0, T)
    v = torch.narrow(torch.narrow(values, 0, 0, rows), 1, 0, T)
    scores = torch.baddbmm(mask, q, torch.transpose(k, 1, 2), beta=counts, alpha=torch.div(1.0, torch.sqrt(${head_dim})))
    return torch.reshape(torch.bmm(torch.softmax(scores, -1), v), [-1, ${heads} * ${head_dim}])

  # Final hidden states [B, C] of the tokens at [B, 1] of the first B slots; T is the longest row. Where
  # rows are level, there is nothing to mask.
  def advance(self: __torch__.Kernels, p: List[Tensor], slots: List[Tensor], at: Tensor, T: int, level: bool) -> Tensor:
    B = torch.size(at, 0)
    N = torch.size(slots[1], 1)
    ids = torch.gather(torch.narrow(slots[1], 0, 0, B), 1, at)
    heads = torch.arange(0, B * ${kv_heads} * N, N, dtype=4, device=at.device)
    rows = torch.flatten(torch.add(torch.view(heads, [B, ${kv_heads}]), at))
    mask = torch.zeros([1, 1, 1], dtype=${compute}, device=at.device)
    if torch.__not__(level):
      unseen = torch.gt(torch.arange(T, dtype=4, device=at.device), at)
      mask = torch.masked_fill(torch.expand(torch.squeeze(mask, 0), [B, T]), unseen, -float("inf"))
      mask = torch.reshape(torch.expand(torch.unsqueeze(mask, 1), [B, ${kv_heads}, T]), [-1, 1, T])
    rotary = (self).rotary(at)
    x = (self).embed(p, ids, at)
    for number in range(${layers}):
      l = (self).layer(p, number)
      h = (self).project((self).norm(x, l[0], l[1]), l[2], l[3])
      q, k, v = (self).heads(h, l[4], l[5], B, rotary)
      keys = slots[2 + 2 * number]
      values = slots[3 + 2 * number]
      s = torch.index_copy_(torch.view(keys, [-1, ${head_dim}]), 0, rows, torch.reshape(k, [-1, ${head_dim}]))
      s = torch.index_copy_(torch.view(values, [-1, ${head_dim}]), 0, rows, torch.reshape(v, [-1, ${head_dim}]))
      a = (self).cached_attention(q, keys, values, mask, 1 - int(level), T)
      x = (self).after_attention(x, a, l)
    return (self).norm(x, p[-5], p[-4])

  # Continues the rows in the first B slots by one token for each column of uniforms [B, n], or until one
  # of them ends: it drew a stop or reached ends [B] tokens. lengths [B] are tokens so far; a stop is not
  # drawn before a row has minimum [B]. Returns tokens, their log-probabilities under the policy and
  # under what they were drawn from, each [B, at most n].
  def continue_rows(self: __torch__.Kernels, p: List[Tensor], slots: List[Tensor], lengths: Tensor, minimum: Tensor, ends: Tensor, uniforms: Tensor, stops: Tensor, sampling: Tensor) -> List[Tensor]:
    B = torch.size(uniforms, 0)
    ids = torch.narrow(slots[1], 0, 0, B)
    settings = [float(sampling[0]), float(sampling[1]), float(sampling[2]), float(sampling[3]), float(sampling[4])]
    T = int(torch.max(lengths))
    level = torch.eq(int(torch.min(lengths)), T)
    never = stops
    if torch.__not__(bool(torch.any(torch.lt(lengths, minimum)))):
      never = torch.slice(stops, 0, 0, 0)
    tokens = annotate(List[Tensor], [])
    policy = annotate(List[Tensor], [])
    drawn = annotate(List[Tensor], [])
    at = torch.unsqueeze(lengths, 1)
    ends = torch.unsqueeze(ends, 1)
    step = 0
    going = True
    while going:
      x = (self).advance(p, slots, torch.sub(at, 1), T + step, level)
      z = (self).next_logits(p, x, torch.narrow(slots[0], 0, 0, B), settings[0])
      f = z
      if torch.ne(settings[4], 1.0):
        f = (self).penalised(f, torch.narrow(ids, 1, 0, T + step), at, settings[4])
      if torch.gt(torch.numel(never), 0):
        f = (self).without(f, never, torch.lt(at, torch.unsqueeze(minimum, 1)))
      next, logp, logq = (self).draw(z, f, torch.narrow(uniforms, 1, step, 1), settings)
      s = torch.scatter_(ids, 1, at, next)
      tokens = torch.append(tokens, next)
      policy = torch.append(policy, logp)
      drawn = torch.append(drawn, logq)
      at = torch.add(at, 1)
      ended = torch.logical_or(torch.eq(at, ends), torch.isin(next, stops))
      step = step + 1
      going = torch.lt(step, torch.size(uniforms, 1))
      if bool(torch.any(ended)):
        going = False
    return [torch.cat(tokens, 1), torch.cat(policy, 1), torch.cat(drawn, 1)]

  # Logits [B, W] of the next word, in the place for them, over the temperature if that is not 0.
  def next_logits(self: __torch__.Kernels, p: List[Tensor], x: Tensor, z: Tensor, temperature: float) -> Tensor:
    if torch.gt(temperature, 0.0):
      x = torch.div(x, temperature)
    none = torch.empty([0], dtype=${compute}, device=x.device)
    s = torch.copy_(torch.narrow(z, 1, 0, ${vocabulary}), (self).project((self).cast(x), p[-3], none))
    if torch.gt(torch.size(z, 1), ${vocabulary}):
      s = torch.fill_(torch.slice(z, 1, ${vocabulary}), -float("inf"))
    return z

  # Draws a token a row, [B, 1], from logits f [B, W], and gives its log-probabilities under the policy,
  # whose logits are z, and under what it was drawn from. z and f may be one; both are used up.
  # settings: temperature, k of top-k, p of top-p, min-p, repetition penalty.
  def draw(self: __torch__.Kernels, z: Tensor, f: Tensor, uniforms: Tensor, settings: List[float]) -> List[Tensor]:
    if torch.eq(settings[0], 0.0):
      next = (self).most_probable(f)
      logp = torch.gather(torch._log_softmax(z, -1, False, out=z), 1, next)
      return [next, logp, torch.zeros_like(logp)]
    own = torch.__isnot__(f, z)
    if own:
      z = torch._log_softmax(z, -1, False, out=z)
    q = torch._softmax(f, -1, False, out=f)
    if torch.__or__(torch.gt(settings[1], 0.0), torch.lt(settings[2], 1.0)):
      next, logq = (self).draw_of_best(q, uniforms, settings)
    else:
      if torch.gt(settings[3], 0.0):
        next, logq = (self).draw_from((self).likely(q, settings[3]), uniforms)
      else:
        next, logq = (self).draw_from(q, uniforms)
    if own:
      logp = torch.gather(z, 1, next)
    else:
      logp = torch.log(torch.gather(q, 1, next))
    return [next, logp, logq]

  # Inverse CDF: the first place at which the cumulative sum of p [B, n] exceeds its part u [B, 1] of the
  # whole, and the logarithm of the part that is there. Of many, first the strip of 64 that it lies in.
  def draw_from(self: __torch__.Kernels, p: Tensor, u: Tensor) -> List[Tensor]:
    sums = p
    strips = torch.floordiv(torch.size(p, 1), 64)
    large = torch.__and__(torch.gt(strips, 63), torch.eq(strips * 64, torch.size(p, 1)))
    if large:
      sums = torch.sum(torch.view(p, [torch.size(p, 0), strips, 64]), [2])
    cdf = torch.cumsum(sums, 1)
    whole = torch.slice(cdf, 1, -1)
    goal = torch.mul(u, whole)
    place = torch.searchsorted(cdf, goal, right=True)
    if large:
      inner = torch.gather(p, 1, torch.add(torch.mul(place, 64), torch.arange(64, dtype=4, device=p.device)))
      part = torch.gather(sums, 1, place)
      left = torch.sub(goal, torch.sub(torch.gather(cdf, 1, place), part))
      cdf = torch.cumsum(inner, 1)
      # rounding may leave the goal a little outside of the strip
      goal = torch.mul(torch.clamp(torch.div(left, part), 0.0, 0.99999994), torch.slice(cdf, 1, -1))
      place = torch.add(torch.mul(place, 64), torch.searchsorted(cdf, goal, right=True))
    return [place, torch.log(torch.div(torch.gather(p, 1, place), whole))]

  # Probabilities [B, W] in parts of the greatest, and 0 for those below least.
  def likely(self: __torch__.Kernels, p: Tensor, least: float) -> Tensor:
    parts = torch.div(p, torch.amax(p, [1], True))
    # what is equal to the threshold does not pass it
    return torch.threshold_(parts, least * (1.0 - 1e-7), 0)

  # Draws as draw_from does, in the order of ids, after top-k, top-p and min-p, in this order. For top-p
  # alone it looks at ever more of the most probable words, of those rows where too few were seen.
  def draw_of_best(self: __torch__.Kernels, p: Tensor, uniforms: Tensor, settings: List[float]) -> List[Tensor]:
    next = torch.zeros_like(uniforms, dtype=4)
    logq = torch.zeros_like(uniforms)
    rows = torch.arange(torch.size(p, 0), dtype=4, device=p.device)
    nucleus = torch.eq(settings[1], 0.0)
    k = int(settings[1])
    if nucleus:
      k = ${nucleus}
    going = True
    while going:
      k = ops.prim.min(k, ${vocabulary})
      best, ids = (self).greatest(p, k)
      mass = torch.sum(best, [1], True)
      few = torch.lt(mass, settings[2])
      if nucleus:
        mass = torch.ones_like(mass)
      # a word stays if those before it have less than top-p
      out = torch.ge(torch.sub(torch.cumsum(best, 1), best), torch.mul(mass, settings[2]))
      out = torch.logical_or(out, torch.lt(best, torch.mul(torch.slice(best, 1, 0, 1), settings[3])))
      ids, order = torch.sort(ids, 1)
      best = torch.gather(torch.masked_fill(best, out, 0.0), 1, order)
      place, log = (self).draw_from(best, uniforms)
      next = torch.index_copy(next, 0, rows, torch.gather(ids, 1, place))
      logq = torch.index_copy(logq, 0, rows, log)
      going = False
      if torch.__and__(nucleus, torch.lt(k, ${vocabulary})):
        again = torch.flatten(torch.nonzero(torch.squeeze(few, 1)))
        going = torch.gt(torch.numel(again), 0)
        rows = torch.index_select(rows, 0, again)
        p = torch.index_select(p, 0, again)
        uniforms = torch.index_select(uniforms, 0, again)
        k = 16 * k
    return [next, logq]

  # Where the greatest of x [B, W] is, [B, 1]; of equal ones the first.
  def most_probable(self: __torch__.Kernels, x: Tensor) -> Tensor:
    strips = torch.amax(torch.view(x, [torch.size(x, 0), -1, 64]), [2])
    first = torch.mul(torch.argmax(strips, 1, True), 64)
    ids = torch.add(first, torch.arange(64, dtype=4, device=x.device))
    return torch.add(first, torch.argmax(torch.gather(x, 1, ids), 1, True))

  # The k greatest of x [B, W], falling, and where they are. They lie in the k strips whose greatest are
  # greatest, and in those few places are left to compare.
  def greatest(self: __torch__.Kernels, x: Tensor, k: int) -> List[Tensor]:
    strips = torch.floordiv(torch.size(x, 1), 64)
    if torch.lt(strips, 2 * k):
      best, ids = torch.topk(x, k, 1)
      return [best, ids]
    tops = torch.amax(torch.view(x, [torch.size(x, 0), strips, 64]), [2])
    best, strip = torch.topk(tops, k, 1)
    within = torch.arange(64, dtype=4, device=x.device)
    ids = torch.flatten(torch.add(torch.mul(torch.unsqueeze(strip, 2), 64), within), 1)
    best, order = torch.topk(torch.gather(x, 1, ids), k, 1)
    return [best, torch.gather(ids, 1, order)]

  # Logits [B, W] with a penalty on words among the first at [B, 1] of seen [B, T].
  def penalised(self: __torch__.Kernels, z: Tensor, seen: Tensor, at: Tensor, penalty: float) -> Tensor:
    beyond = torch.ge(torch.arange(torch.size(seen, 1), dtype=4, device=z.device), at)
    seen = torch.where(beyond, torch.slice(seen, 1, 0, 1), seen)
    old = torch.gather(z, 1, seen)
    new = torch.where(torch.gt(old, 0.0), torch.div(old, penalty), torch.mul(old, penalty))
    return torch.scatter(z, 1, seen, new)

  # Logits [B, W] of which some words [n] are impossible in muted [B, 1] rows.
  def without(self: __torch__.Kernels, z: Tensor, words: Tensor, muted: Tensor) -> Tensor:
    kept = torch.masked_fill(torch.index_select(z, 1, words), muted, -float("inf"))
    return torch.index_copy(z, 1, words, kept)
