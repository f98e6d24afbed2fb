export async function temperature({ city }: { city: string }): Promise<number> {
  return city.length;
}

export async function publish(_text: string): Promise<void> {}
