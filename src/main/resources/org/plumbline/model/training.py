  # ---- Training. Gradients are added in place to g, blocks of one flat array as w is of the weights;
  # those of what is not trained are empty.

  # What the way back needs: the blocks as leaves, then nine arrays a layer (or, to save memory, only
  # the first of them), then the last layer's result and its norm.
  def trace(self: __torch__.Kernels, flat: Tensor, adapters: Tensor, ids: Tensor, checkpoint: Tensor) -> List[Tensor]:
    w = annotate(List[Tensor], [])
    for block in (self).adapted(flat, adapters):
      w = torch.append(w, (self).leaf(block))
    tape = torch.add(w, annotate(List[Tensor], []))
    positions = (self).positions(ids)
    rotary = (self).rotary(positions)
    x = torch.detach((self).embed(w, ids, positions))
    for layer in range(${layers}):
      made = (self).layer_forward(x, (self).layer(w, layer), torch.size(ids, 0), rotary)
      x = made[8]
      if bool(checkpoint):
        made = [torch.detach(made[0])]
      tape = torch.add(tape, made)
    x = (self).leaf(x)
    return torch.add(tape, [x, (self).norm(x, w[-5], w[-4])])

  # As word_logprobs for the first ${kept} rows, and what it found of every word [${chunk}, V], chunk by
  # chunk: so much need not be worked out again on the way back. Chunks are worked on block by block,
  # each small enough to stay in the processor's cache from one operation to the next.
  def kept_logprobs(self: __torch__.Kernels, w: List[Tensor], rows: Tensor, next: Tensor, temperature: float, entropies: bool) -> List[Tensor]:
    weight = (self).unembedding(w)
    none = torch.empty([0], dtype=6, device=rows.device)
    R = torch.size(rows, 0)
    logp = torch.empty([R], dtype=6, device=rows.device)
    entropy = torch.zeros([R], dtype=6, device=rows.device)
    out = [logp, entropy]
    start = 0
    while torch.lt(start, R):
      end = ops.prim.min(start + ${chunk}, R)
      scaled = (self).cast(torch.div(torch.slice(rows, 0, start, end), temperature))
      z = torch.to((self).product(scaled, weight, none), 6)
      blocks = torch.split(z, ${block})
      h = torch.split(torch.slice(entropy, 0, start, end), ${block})
      for i in range(torch.len(blocks)):
        b = torch._log_softmax(blocks[i], -1, False, out=blocks[i])
        if entropies:
          torch.copy_(h[i], torch.neg(torch.sum(torch.mul_(torch.exp(b), b), [1])))
      chosen = torch.gather(z, 1, torch.unsqueeze(torch.slice(next, 0, start, end), 1))
      torch.copy_(torch.slice(logp, 0, start, end), torch.squeeze(chosen, 1))
      out = torch.append(out, z)
      start = end
    return out

  # Log-probabilities, entropies and values, if there are any, as in policy, from a tape; then what
  # kept_logprobs keeps, if anything is to be kept.
  def traced_policy(self: __torch__.Kernels, tape: List[Tensor], ids: Tensor, at: Tensor, temperature: Tensor, entropies: Tensor, keep: Tensor) -> List[Tensor]:
    w = torch.slice(tape, 0, ${blocks})
    t = float(temperature)
    rows, next = (self).asked(tape[-1], ids, at)
    kept = 0
    if bool(keep):
      kept = ops.prim.min(torch.size(rows, 0), ${kept})
    logp = annotate(List[Tensor], [])
    entropy = annotate(List[Tensor], [])
    words = annotate(List[Tensor], [])
    if torch.gt(kept, 0):
      first = (self).kept_logprobs(w, torch.slice(rows, 0, 0, kept), torch.slice(next, 0, 0, kept), t, bool(entropies))
      logp = torch.append(logp, first[0])
      entropy = torch.append(entropy, first[1])
      words = torch.slice(first, 2)
    if torch.__or__(torch.eq(kept, 0), torch.lt(kept, torch.size(rows, 0))):
      more = (self).word_logprobs(w, torch.slice(rows, 0, kept), torch.slice(next, 0, kept), t, bool(entropies))
      logp = torch.append(logp, more[0])
      entropy = torch.append(entropy, more[1])
    out = [(self).spread(torch.cat(logp), ids, at), (self).spread(torch.cat(entropy), ids, at)]
    if torch.gt(torch.numel(w[-2]), 0):
      out = torch.append(out, (self).spread((self).head(w, rows), ids, at))
    else:
      out = torch.append(out, torch.empty([0], dtype=6, device=rows.device))
    return torch.add(out, words)

  # Logarithms [B, T - 1] of the sum of squared probabilities of all words at places, from a tape.
  def traced_log_squares(self: __torch__.Kernels, tape: List[Tensor], ids: Tensor, at: Tensor, temperature: Tensor) -> Tensor:
    rows, next = (self).asked(tape[-1], ids, at)
    weight = (self).unembedding(torch.slice(tape, 0, ${blocks}))
    none = torch.empty([0], dtype=6, device=rows.device)
    R = torch.size(rows, 0)
    squares = torch.empty([R], dtype=6, device=rows.device)
    start = 0
    while torch.lt(start, R):
      end = ops.prim.min(start + ${chunk}, R)
      scaled = (self).cast(torch.div(torch.slice(rows, 0, start, end), float(temperature)))
      z = torch.to((self).product(scaled, weight, none), 6)
      p = torch._softmax(z, -1, False, out=z)
      torch.copy_(torch.slice(squares, 0, start, end), torch.log(torch.sum(torch.mul_(p, p), [1])))
      start = end
    return (self).spread(squares, ids, at)

  # Values as in values, from a tape.
  def traced_values(self: __torch__.Kernels, tape: List[Tensor], ids: Tensor, at: Tensor) -> Tensor:
    rows, next = (self).asked(tape[-1], ids, at)
    return (self).spread((self).head(torch.slice(tape, 0, ${blocks}), rows), ids, at)

  # Scores as in scores, from a tape.
  def traced_scores(self: __torch__.Kernels, tape: List[Tensor], ids: Tensor, last: Tensor) -> Tensor:
    w = torch.slice(tape, 0, ${blocks})
    return (self).head(w, torch.index_select(torch.detach(tape[-1]), 0, (self).last_tokens(ids, last)))

  # Adds dy [M, N]^T x [M, K] to a gradient [N, K], unless that is empty.
  def add_outer(self: __torch__.Kernels, g: Tensor, dy: Tensor, x: Tensor) -> Tensor:
    none = torch.empty([0], dtype=6, device=x.device)
    if torch.gt(torch.numel(g), 0):
      s = torch.add_(torch.t(g), (self).product(torch.t(x), torch.t(dy), none))
    return g

  # The way back through linear: adds to the gradients gw and gb and returns that of x.
  def linear_backward(self: __torch__.Kernels, dy: Tensor, x: Tensor, weight: Tensor, gw: Tensor, gb: Tensor) -> Tensor:
    dy = (self).cast(dy)
    none = torch.empty([0], dtype=6, device=x.device)
    w = torch.detach((self).matrix(weight, torch.size(x, 1)))
    s = (self).add_outer((self).matrix(gw, torch.size(x, 1)), dy, torch.detach(x))
    if torch.gt(torch.numel(gb), 0):
      s = torch.add_(gb, torch.sum(dy, [0], False, dtype=6))
    return (self).product(dy, torch.t((self).cast(w)), none)

  # The way back through affine.
  def affine_backward(self: __torch__.Kernels, dy: Tensor, x: Tensor, w: List[Tensor], g: List[Tensor], number: int) -> Tensor:
    place = (self).place(number)
    dx = (self).linear_backward(dy, x, w[place], g[place], g[place + 1])
    return (self).adapt_backward(dx, dy, x, w[14 + number], g[14 + number], number)

  # Gradients of inputs, given that of a piece's result.
  def pull(self: __torch__.Kernels, y: Tensor, inputs: List[Tensor], dy: Tensor) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    dy = torch.to(dy, ops.prim.dtype(y))
    for gradient in torch.grad([y], inputs, annotate(Optional[List[Optional[Tensor]]], [dy]), None, False, False):
      out = torch.append(out, torch.detach(unchecked_cast(Tensor, gradient)))
    return out

  # The same for a piece that has weights of its own: adds to their gradients g, where those are not empty.
  def pull_weighted(self: __torch__.Kernels, y: Tensor, x: Tensor, w: List[Tensor], g: List[Tensor], dy: Tensor) -> Tensor:
    inputs = [x]
    sums = annotate(List[Tensor], [])
    for i in range(torch.len(w)):
      if torch.gt(torch.numel(g[i]), 0):
        inputs = torch.append(inputs, w[i])
        sums = torch.append(sums, g[i])
    gradients = (self).pull(y, inputs, dy)
    for i in range(torch.len(sums)):
      s = torch.add_(sums[i], gradients[i + 1])
    return gradients[0]

  # The way back through a layer whose forward made t: from the gradient [M, C] of its result to that
  # of x.
  def layer_backward(self: __torch__.Kernels, t: List[Tensor], w: List[Tensor], g: List[Tensor], dx: Tensor) -> Tensor:
    dg = (self).affine_backward(dx, t[7], w, g, 3)
    dh = ((self).pull(t[7], [t[6]], dg))[0]
    dy = (self).affine_backward(dh, t[5], w, g, 2)
    dx = torch.add(dx, (self).pull_weighted(t[5], t[4], torch.slice(w, 8, 10), torch.slice(g, 8, 10), dy))
    da = (self).affine_backward(dx, t[3], w, g, 1)
    dh = (self).pull_weighted(t[3], t[2], torch.slice(w, 4, 6), torch.slice(g, 4, 6), da)
    dy = (self).affine_backward(dh, t[1], w, g, 0)
    return torch.add(dx, (self).pull_weighted(t[1], t[0], torch.slice(w, 0, 2), torch.slice(g, 0, 2), dy))

  # The way back from the gradient dy [M, C] of final hidden states to every weight.
  def walk(self: __torch__.Kernels, tape: List[Tensor], grad: Tensor, ids: Tensor, dy: Tensor) -> Tensor:
    w = torch.slice(tape, 0, ${blocks})
    g = (self).trained(grad)
    rotary = (self).rotary((self).positions(ids))
    dx = (self).pull_weighted(tape[-1], tape[-2], torch.slice(w, -5, -3), torch.slice(g, -5, -3), dy)
    whole = torch.eq(torch.len(tape), ${blocks} + 9 * ${layers} + 2)
    for i in range(${layers}):
      layer = ${layers} - 1 - i
      if whole:
        t = torch.slice(tape, ${blocks} + 9 * layer, ${blocks} + 9 * layer + 9)
      else:
        t = (self).layer_forward(tape[${blocks} + layer], (self).layer(w, layer), torch.size(ids, 0), rotary)
      dx = (self).layer_backward(t, (self).layer(w, layer), (self).layer(g, layer), dx)
    return (self).embed_backward(dx, ids, g)

  # The same where the gradients [R, C] are of the hidden states of some tokens [R].
  def walk_from(self: __torch__.Kernels, tape: List[Tensor], grad: Tensor, ids: Tensor, tokens: Tensor, back: Tensor) -> Tensor:
    dy = torch.zeros([torch.size(tape[-1], 0), ${hidden}], dtype=6, device=ids.device)
    return (self).walk(tape, grad, ids, torch.index_copy(dy, 0, tokens, back))

  # Adds gradients [M, C] of embedded tokens to those of a table's rows [n, C], unless those are empty.
  def add_rows(self: __torch__.Kernels, g: Tensor, index: Tensor, dx: Tensor) -> Tensor:
    if torch.gt(torch.numel(g), 0):
      s = torch.index_add_(torch.view(g, [-1, ${hidden}]), 0, torch.flatten(index), dx)
    return g

  # The way back from the vocabulary. Of words: dlogp [R] and dentropy [R], or nothing, are gradients of
  # the outputs of word_logprobs; logits that were not kept are worked out again, chunk by chunk, and
  # soon forgotten; those that were are used up. With H the entropy, d logp(next) = onehot(next) - p and d H = -p (log p + H), both over the temperature.
  def words_backward(self: __torch__.Kernels, w: List[Tensor], g: List[Tensor], rows: Tensor, next: Tensor, temperature: float, dlogp: Tensor, dentropy: Tensor, kept: List[Tensor]) -> Tensor:
    weight = (self).unembedding(w)
    gw = g[-3]
    if torch.eq(torch.numel(w[-3]), 0):
      gw = g[0]
    gw = torch.view(gw, [-1, ${hidden}])
    none = torch.empty([0], dtype=6, device=rows.device)
    out = torch.empty_like(rows, dtype=6)
    R = torch.size(rows, 0)
    start = 0
    while torch.lt(start, R):
      end = ops.prim.min(start + ${chunk}, R)
      scaled = (self).cast(torch.div(torch.slice(rows, 0, start, end), temperature))
      d = torch.unsqueeze(torch.slice(dlogp, 0, start, end), 1)
      chunk = torch.floordiv(start, ${chunk})
      known = torch.lt(chunk, torch.len(kept))
      if known:
        z = kept[chunk]
      else:
        z = torch.to((self).product(scaled, weight, none), 6)
      blocks = torch.split(z, ${block})
      db = torch.split(d, ${block})
      dh = db
      if torch.gt(torch.numel(dentropy), 0):
        dh = torch.split(torch.unsqueeze(torch.slice(dentropy, 0, start, end), 1), ${block})
      for i in range(torch.len(blocks)):
        b = blocks[i]
        if torch.__not__(known):
          b = torch._log_softmax(b, -1, False, out=b)
        if torch.gt(torch.numel(dentropy), 0):
          p = torch.exp(b)
          entropy = torch.neg(torch.sum(torch.mul(p, b), [1], True))
          b = torch.neg_(torch.mul_(torch.add_(torch.mul_(torch.add_(b, entropy), dh[i]), db[i]), p))
        else:
          b = torch.mul_(torch.exp_(b), torch.neg(db[i]))
      index = torch.unsqueeze(torch.slice(next, 0, start, end), 1)
      z = (self).cast(torch.scatter_add_(z, 1, index, d))
      s = (self).add_outer(gw, z, scaled)
      back = torch.div((self).product(z, torch.t(weight), none), temperature)
      torch.copy_(torch.slice(out, 0, start, end), back)
      start = end
    return out

  # Cross-entropy in one go: the sum over places of -log p(next), its gradient walked back at once.
  def cross_entropy(self: __torch__.Kernels, tape: List[Tensor], grad: Tensor, ids: Tensor, at: Tensor, temperature: Tensor) -> Tensor:
    t = float(temperature)
    w = torch.slice(tape, 0, ${blocks})
    g = (self).trained(grad)
    rows, next = (self).asked(tape[-1], ids, at)
    weight = (self).unembedding(w)
    gw = g[-3]
    if torch.eq(torch.numel(w[-3]), 0):
      gw = g[0]
    gw = torch.view(gw, [-1, ${hidden}])
    none = torch.empty([0], dtype=6, device=rows.device)
    back = torch.empty_like(rows, dtype=6)
    R = torch.size(rows, 0)
    loss = torch.zeros([], dtype=6, device=rows.device)
    start = 0
    while torch.lt(start, R):
      end = ops.prim.min(start + ${chunk}, R)
      scaled = (self).cast(torch.div(torch.slice(rows, 0, start, end), t))
      z = torch.to((self).product(scaled, weight, none), 6)
      index = torch.unsqueeze(torch.slice(next, 0, start, end), 1)
      chosen = torch.split(torch.squeeze(torch.gather(z, 1, index), 1), ${block})
      blocks = torch.split(z, ${block})
      for i in range(torch.len(blocks)):
        top = torch.amax(blocks[i], [1])
        b = torch._softmax(blocks[i], -1, False, out=blocks[i])
        loss = torch.add(loss, torch.sum(torch.sub((self).log_sum_exp(top, b), chosen[i])))
      minus = torch.full([end - start, 1], -1.0, dtype=6, device=rows.device)
      z = (self).cast(torch.scatter_add_(z, 1, index, minus))
      s = (self).add_outer(gw, z, scaled)
      dx = torch.div((self).product(z, torch.t(weight), none), t)
      torch.copy_(torch.slice(back, 0, start, end), dx)
      start = end
    s = (self).walk_from(tape, grad, ids, (self).tokens_at(ids, at), back)
    return loss

  # The way back from gradients [B, T - 1] of log-probabilities, and of entropies and values or nothing,
  # which traced_policy made.
  def policy_backward(self: __torch__.Kernels, tape: List[Tensor], grad: Tensor, ids: Tensor, at: Tensor, temperature: Tensor, dlogp: Tensor, dentropy: Tensor, dvalues: Tensor, made: List[Tensor]) -> Tensor:
    w = torch.slice(tape, 0, ${blocks})
    g = (self).trained(grad)
    rows, next = (self).asked(tape[-1], ids, at)
    dlogp = torch.index_select(torch.flatten(dlogp), 0, at)
    if torch.gt(torch.numel(dentropy), 0):
      dentropy = torch.index_select(torch.flatten(dentropy), 0, at)
    back = (self).words_backward(w, g, rows, next, float(temperature), dlogp, dentropy, torch.slice(made, 3))
    if torch.gt(torch.numel(dvalues), 0):
      back = torch.add(back, (self).head_backward(w, g, rows, torch.index_select(torch.flatten(dvalues), 0, at)))
    return (self).walk_from(tape, grad, ids, (self).tokens_at(ids, at), back)

  # The way back from gradients [B, T - 1] of values.
  def values_backward(self: __torch__.Kernels, tape: List[Tensor], grad: Tensor, ids: Tensor, at: Tensor, dvalues: Tensor) -> Tensor:
    tokens = (self).tokens_at(ids, at)
    return (self).heads_backward(tape, grad, ids, tokens, torch.index_select(torch.flatten(dvalues), 0, at))

  # The way back from gradients [B] of scores.
  def scores_backward(self: __torch__.Kernels, tape: List[Tensor], grad: Tensor, ids: Tensor, last: Tensor, dscores: Tensor) -> Tensor:
    return (self).heads_backward(tape, grad, ids, (self).last_tokens(ids, last), dscores)

  # The way back from gradients d [R] of the scalar head at tokens [R] to every weight.
  def heads_backward(self: __torch__.Kernels, tape: List[Tensor], grad: Tensor, ids: Tensor, tokens: Tensor, d: Tensor) -> Tensor:
    w = torch.slice(tape, 0, ${blocks})
    rows = torch.index_select(torch.detach(tape[-1]), 0, tokens)
    back = (self).head_backward(w, (self).trained(grad), rows, d)
    return (self).walk_from(tape, grad, ids, tokens, back)

  # The way back through the scalar head, from gradients [R].
  def head_backward(self: __torch__.Kernels, w: List[Tensor], g: List[Tensor], rows: Tensor, d: Tensor) -> Tensor:
    s = torch.add_(g[-2], torch.mv(torch.t(torch.to(rows, 6)), d))
    if torch.gt(torch.numel(g[-1]), 0):
      s = torch.add_(g[-1], torch.sum(d))
    return torch.outer(d, torch.detach((self).rounded(w[-2])))

  # Divides the summed gradient by count, in place, and returns its norm.
  def average(self: __torch__.Kernels, grad: Tensor, count: Tensor) -> Tensor:
    torch.div_(grad, float(count))
    return torch.to(torch.linalg_vector_norm(grad), 7)

  # With settings step, norm, max_norm, lr, beta1, beta2, eps, decay [8]: clips a gradient of that norm to
  # max_norm and takes one AdamW step, all in place. Returns the step. Arrays come as lists of one: the
  # compiler drops a fused step on lists made here, since it sees nobody read them.
  def adamw(self: __torch__.Kernels, flat: List[Tensor], grad: List[Tensor], m: List[Tensor], v: List[Tensor], settings: Tensor) -> Tensor:
    norm = float(settings[1])
    max_norm = float(settings[2])
    if torch.gt(norm, max_norm):
      torch.mul_(grad[0], torch.div(max_norm, norm))
    t = torch.full([], float(settings[0]), dtype=6, device=flat[0].device)
    torch._fused_adamw_(flat, grad, m, v, annotate(List[Tensor], []), [t], lr=float(settings[3]), beta1=float(settings[4]), beta2=float(settings[5]), weight_decay=float(settings[7]), eps=float(settings[6]), amsgrad=False, maximize=False)
    return t

  # Empties the gradient.
  def clear(self: __torch__.Kernels, grad: Tensor) -> Tensor:
    return torch.zero_(grad)
