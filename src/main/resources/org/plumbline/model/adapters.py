  # ---- Low-rank adapters (Hu et al. 2021, arXiv:2106.09685): a weight W becomes W + s B A, with A [r, K]
  # and B [N, r]. Those of one linear layer are one block: every A, then every B, of the parts of its
  # outputs that have them, such as queries and values; empty if none has.

  # Parts of x side by side. Where x has ended they are empty.
  def parts(self: __torch__.Kernels, x: Tensor, sizes: List[int]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    start = 0
    for size in sizes:
      out = torch.append(out, torch.slice(x, 0, start, start + size))
      start = start + size
    return out

  # Views into two flat arrays, each perhaps empty: the weights, and the adapters, with whom a head is
  # trained, which then lies behind them and stands for that of the weights.
  def adapted(self: __torch__.Kernels, flat: Tensor, adapters: Tensor) -> List[Tensor]:
    base = (self).parts(flat, [${sizes}])
    added = (self).parts(adapters, [${adapter_sizes}])
    w = torch.slice(base, 0, 2)
    for layer in range(${layers}):
      w = torch.add(w, torch.slice(base, 2 + 14 * layer, 16 + 14 * layer))
      w = torch.add(w, torch.slice(added, 4 * layer, 4 * layer + 4))
    w = torch.add(w, torch.slice(base, -5, -2))
    head = torch.slice(base, -2)
    if torch.gt(torch.numel(added[-2]), 0):
      head = torch.slice(added, -2)
    return torch.add(w, head)

  # The blocks of a gradient: of all weights, or, with adapters, of these alone.
  def trained(self: __torch__.Kernels, grad: Tensor) -> List[Tensor]:
    none = torch.slice(grad, 0, 0, 0)
    if torch.gt(${rank}, 0):
      g = (self).adapted(none, grad)
    else:
      g = (self).adapted(grad, none)
    return g

  # Where the outputs that have adapters begin and end, part by part, of linear layer 0 to 3.
  def outputs(self: __torch__.Kernels, number: int) -> List[int]:
    return ([${adapted_outputs}])[number]

  # The matrices of a block: every A, one below the other [n r, K], then each B [N, r].
  def matrices(self: __torch__.Kernels, a: Tensor, number: int) -> List[Tensor]:
    at = (self).outputs(number)
    n = torch.floordiv(torch.len(at), 2)
    sizes = annotate(List[int], [])
    total = 0
    for i in range(n):
      size = ${rank} * (at[2 * i + 1] - at[2 * i])
      sizes = torch.append(sizes, size)
      total = total + size
    first = torch.numel(a) - total
    out = [torch.view(torch.slice(a, 0, 0, first), [n * ${rank}, -1])]
    for b in (self).parts(torch.slice(a, 0, first), sizes):
      out = torch.append(out, torch.view(b, [-1, ${rank}]))
    return out

  # What x [M, K] comes to between A and B [M, n r], scaled.
  def narrowed(self: __torch__.Kernels, x: Tensor, a: Tensor) -> Tensor:
    none = torch.empty([0], dtype=6, device=x.device)
    return torch.mul_((self).product((self).cast(x), (self).cast(a), none), ${adapter_scale})

  # The columns that belong to part i.
  def rank_of(self: __torch__.Kernels, x: Tensor, i: int) -> Tensor:
    return torch.slice(x, 1, i * ${rank}, (i + 1) * ${rank})

  # Adds to y [M, N] what adapters a make of x [M, K].
  def adapt(self: __torch__.Kernels, y: Tensor, x: Tensor, a: Tensor, number: int) -> Tensor:
    if torch.gt(torch.numel(a), 0):
      m = (self).matrices(torch.detach(a), number)
      at = (self).outputs(number)
      t = (self).narrowed(x, m[0])
      for i in range(torch.len(m) - 1):
        part = torch.slice(y, 1, at[2 * i], at[2 * i + 1])
        s = torch.addmm_(part, (self).rank_of(t, i), torch.t((self).cast(m[i + 1])))
    return y

  # The way back through adapt: adds to the gradient g of adapters a, and to that of x.
  def adapt_backward(self: __torch__.Kernels, dx: Tensor, dy: Tensor, x: Tensor, a: Tensor, g: Tensor, number: int) -> Tensor:
    if torch.gt(torch.numel(a), 0):
      x = torch.detach(x)
      dy = (self).cast(dy)
      m = (self).matrices(torch.detach(a), number)
      gm = (self).matrices(g, number)
      at = (self).outputs(number)
      t = (self).narrowed(x, m[0])
      dt = torch.empty_like(t)
      for i in range(torch.len(m) - 1):
        part = torch.slice(dy, 1, at[2 * i], at[2 * i + 1])
        s = (self).add_outer(gm[i + 1], part, (self).rank_of(t, i))
        s = torch.copy_((self).rank_of(dt, i), torch.mm(part, (self).cast(m[i + 1])))
      dt = torch.mul_(dt, ${adapter_scale})
      s = (self).add_outer(gm[0], dt, x)
      dx = torch.addmm_(dx, dt, (self).cast(m[0]))
    return dx

  # Adds what adapters a do to the weight [N, K] itself.
  def merge_matrix(self: __torch__.Kernels, weight: Tensor, a: Tensor, number: int) -> Tensor:
    m = (self).matrices(a, number)
    at = (self).outputs(number)
    for i in range(torch.len(m) - 1):
      part = torch.slice(weight, 0, at[2 * i], at[2 * i + 1])
      ai = torch.slice(m[0], 0, i * ${rank}, (i + 1) * ${rank})
      s = torch.add_(part, torch.mm(m[i + 1], ai), alpha=${adapter_scale})
    return weight

  # Adds to all weights what adapters do, and puts the adapters' head where there is room for one.
  def merge(self: __torch__.Kernels, flat: Tensor, adapters: Tensor) -> Tensor:
    w = (self).adapted(flat, adapters)
    for layer in range(${layers}):
      l = (self).layer(w, layer)
      for number in range(4):
        if torch.gt(torch.numel(l[14 + number]), 0):
          inputs = torch.size(((self).matrices(l[14 + number], number))[0], 1)
          weight = (self).matrix(l[(self).place(number)], inputs)
          s = (self).merge_matrix(weight, l[14 + number], number)
    base = (self).parts(flat, [${sizes}])
    if torch.eq(torch.numel(base[-2]), torch.numel(w[-2])):
      s = torch.copy_(base[-2], w[-2])
      s = torch.copy_(base[-1], w[-1])
    return flat
