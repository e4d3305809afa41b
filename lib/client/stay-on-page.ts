let reasons = 0;

/**
 * Until the returned function is called, an ended session does not lead the
 * person away to sign in: the page holds something that leaving would cost,
 * such as an opened file.
 */
export function stayOnPage(): () => void {
  let isOver = false;
  reasons += 1;
  return () => {
    if (!isOver) reasons -= 1;
    isOver = true;
  };
}

export function mayLeavePage(): boolean {
  return reasons === 0;
}
